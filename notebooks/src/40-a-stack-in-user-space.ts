// %% [markdown]
// # A stack in user space
//
// **Question:** the frames are ours, and the kernel never sees them. Who answers ping now?
//
// **Minutes:** 45 to read and think, half a minute to run.
//
// **Needs:** Linux with AF_XDP, and root (T1), for the live part. The two stacks on a model wire, what a datagram costs, and both exercises run anywhere.
//
// **Mode:** live, and one model, which is labelled. Without root the live cells say what is missing, and show no figure.
// %%
import {
  type ArpAnswerer, barFigure, buildFrame, check, type ChecksumFunction, describeFrame, display, flowFigure, htmlTable, measure,
  ModelNetwork, parseArp, predict, predictionFigure, whenMeasured,
} from "ringside";
// %% [markdown]
// ## What the kernel did for us all the time
//
// In notebook 33 packets came into memory of our own: Ethernet frames, nothing else. To make a datagram of such a frame somebody must
// know whose it is, whether it is whole, and which program it is for. That somebody is a *protocol stack*. Ours is `lab/src/stack`, one
// file for each protocol:
//
// | file | it takes in | it answers |
// | :--- | :--- | :--- |
// | `arp.ts` | "who has 10.0.0.2?" | "02:72:73:00:00:02 has" |
// | `ipv4.ts` | a packet for our address, its header whole | nothing: it passes on what is inside |
// | `reassembly.ts` | pieces of a packet, within limits | "a piece is missing", after a minute |
// | `icmp.ts` | "are you there?" | the same bytes back |
// | `udp.ts` | a datagram for a port that somebody opened | "no such port" where nobody did |
// | `tcp/` | segments of a stream | notebook 41 |
//
// It stands on a *link*, which is anything that takes frames away and brings frames in. The plainest link is a wire inside this
// process. Two stacks on it, and every frame that passes:
// %%
const model = new ModelNetwork({ seed: 1 });
model.wire.onSend = (frame, from) => {
  const inside = describeFrame(frame).layers.filter(({ text }) => text !== "").at(-1)!;
  const { layers } = describeFrame(frame);
  const told = layers.filter(({ name }) => name !== "payload" && name !== "padding").at(-1) ?? inside;
  console.log(`${model.clock.nowMs().toFixed(2)} ms  ${from} sends ${frame.length} bytes: ${told.name}, ${told.text}`);
  return undefined;
};
const port = model.b.openUdp(7);
port.onEvents = () => {
  for (let got = port.receive(); got !== null; got = port.receive()) port.send(got, got.bytes);
};
const asker = model.a.openUdp(0);
const answered = () => asker.readable > 0;

console.log("a pings b:");
model.a.ping(model.b.address, 1, 1, new TextEncoder().encode("are you there?"));
model.run(() => false, 100);
console.log("a sends a datagram to b's port 7, and one to port 9, which nobody has:");
asker.send({ address: model.b.address, port: 7 }, new TextEncoder().encode("hello"));
model.run(answered, 100);
asker.send({ address: model.b.address, port: 9 }, new TextEncoder().encode("hello"));
model.run(() => false, 100);
console.log(`a heard: ${new TextDecoder().decode(asker.receive()!.bytes)}`);
// %% [markdown]
// The first frame is not the ping. A stack cannot send to an address, only to a neighbour's MAC address, and asks for that first; the ping
// waits meanwhile. Nothing of this needs a clock that ticks: the times above are the model's, which jumps from one event to the next.
//
// ## Claim
//
// > **C20.** User space must then implement the protocols itself, TCP/IP at least.
//
// From Enberg's article on kernel-bypass networking (2018). "Must" is a strong word. The kernel of host `b` has its own stack, with the same
// address, on the same interface; it might still answer what we leave lying. Made exact enough to be false: **where an XDP program hands
// every frame to us, host `b`'s own kernel answers none of the pings, and ours answers all.**
//
// ## Predict
//
// Host `a`'s kernel sends 100 pings, and 100 datagrams after them. At `b` the same XDP program as in notebook 33 redirects every frame to an
// AF_XDP socket, and our stack stands on that socket. How many pings does **`b`'s kernel** answer?
// %%
const guess = predict(50, "pings");
// %% [markdown]
// ## Measure
//
// The judge is Linux: `ping` counts the answers it takes for right, checksums and all; a kernel's UDP socket compares every datagram that
// comes back; and `b`'s kernel counts the echo replies that it sent itself (`/proc/net/snmp`, `OutEchoReps`). Before it begins, the entry of `b` is
// removed from `a`'s neighbour table, so that `a` has to ask.
// %%
const echoes = await measure.stackEchoes({ guess });
console.log(echoes.status === "ok" ? echoes.guess.text : echoes.reason);
// %% [markdown]
// ## Plot
// %%
display(
  whenMeasured(echoes, ({ packets, pingsAnswered, byKernel }, provenance) =>
    predictionFigure({
      title: `Of ${packets} pings, those that the kernel of host b answered`,
      note: `By host b's own count, OutEchoReps. Our stack answered ${pingsAnswered - byKernel}, as ping counts.`,
      axis: { label: "pings answered", unit: "", scale: "linear" },
      predictions: [
        { name: "answered by b's kernel", guess, measured: byKernel },
      ],
      provenance,
    }),
  ),
);
display(
  whenMeasured(echoes, ({ frames, packets }, provenance) =>
    htmlTable(
      [{ name: "kind" }, { name: "frames in" }, { name: "frames out" }],
      frames.map((row) => [row.kind, row.in, row.out]),
      { title: `All frames that passed our link while ${packets} pings and ${packets} datagrams were asked`, provenance },
    ),
  ),
);
display(
  whenMeasured(echoes, (outcome, provenance) =>
    flowFigure({
      title: "Where the datagrams went",
      note: "Each was compared byte for byte by the kernel's socket that had sent it.",
      stages: [
        { name: "sent", detail: "kernel, host a", out: outcome.packets },
        { name: "echoed", detail: "our stack", out: outcome.frames.find(({ kind }) => kind === "UDP")?.out ?? 0 },
        { name: "whole", detail: "kernel, host a", out: outcome.datagramsEchoed },
      ],
      provenance,
    }),
  ),
);
// %% [markdown]
// ## Explain
// %%
if (echoes.status === "ok") {
  const { packets, pingsAnswered, byKernel, datagramsEchoed, closedPort, frames, drops } = echoes.outcome;
  const arp = frames.find(({ kind }) => kind === "ARP");
  const icmp = frames.find(({ kind }) => kind === "ICMP");
  console.log(`${pingsAnswered} of ${packets} pings answered, ${byKernel} of them by b's kernel.`);
  console.log(`${datagramsEchoed} of ${packets} datagrams came back whole.`);
  console.log(`ARP: ${arp?.in ?? 0} in, ${arp?.out ?? 0} out, for ${packets} pings and ${packets} datagrams.`);
  console.log(`A socket of a that wrote to port 9 heard: ${closedPort}.`);
  console.log(`ICMP: ${icmp?.in ?? 0} in, ${icmp?.out ?? 0} out: the one more is that port's.`);
  console.log(`Dropped by our stack: ${drops.map(([reason, count]) => `${count} ${reason}`).join(", ") || "nothing"}.`);
}
// %% [markdown]
// **What this shows.** If the first line says 0 by `b`'s kernel, C20 holds in its plainest form: the kernel's stack is not asked any more, so whatever it
// did must be done again. That goes down to courtesy. A closed port is silence unless somebody sends the ICMP error, and the kernel at the
// other end turns *our* ICMP message into its program's `ECONNREFUSED`.
//
// **What it does not show.** That it must be *user space*: notebook 33's XDP program could have passed ARP and ICMP on to the kernel and kept only UDP, and many
// bypass systems do just that. And 200 friendly packets prove little: a stack lives among strangers. Ours is
// tested with mutated frames in a row (`test/stack/fuzz.test.ts`: 100 000, and a million with `RINGSIDE_FUZZ=1000000`), and the rules for silence in `icmp.ts` are longer than those for speaking.
//
// ## What a datagram costs, layer by layer
//
// The frame is ours, and the work is, too. A datagram of 64 bytes goes up through the stack to an application, which sends it back. To see which layer takes how much,
// the same datagram is spoiled in six ways, so that each layer in turn has to turn it away: another host's MAC address, another IP address, a wrong checksum. What a
// layer costs is the difference of two such ways, measured in turns.
//
// How many **nanoseconds** does all of it take, up and back? (A system call on this machine: notebook 11.)
// %%
const guessCost = predict([200, 20_000], "ns");
const costs = await measure.stackParts({ guess: guessCost });
console.log(costs.status === "ok" ? costs.guess.text : costs.reason);
display(
  whenMeasured(costs, ({ sizes }, provenance) =>
    barFigure({
      title: "What each layer of our stack adds to a datagram",
      note: "Median of 20 rounds with its 95 % interval; a difference below 0 is noise, and drawn as 0.",
      axis: { label: "time a packet", unit: "ns", scale: "linear" },
      bars: sizes.flatMap(({ payloadBytes, parts }) =>
        parts.map(({ name, ns, low, high }) => ({
          name: `${payloadBytes} B: ${name}`,
          value: Math.max(ns, 0),
          low: Math.max(low, 0),
          high: Math.max(high, 0),
        })),
      ),
      provenance,
    }),
  ),
);
if (costs.status === "ok") {
  for (const { payloadBytes, parts, whole } of costs.outcome.sizes) {
    const [most] = [...parts].sort((a, b) => b.ns - a.ns);
    const share = Math.round((100 * most.ns) / whole.ns);
    console.log(`${payloadBytes} B: ${whole.ns.toFixed(0)} ns in all; the most, ${share} %, is: ${most.name}.`);
  }
}
// %% [markdown]
// **What this shows.** Two kinds of work. A header costs the same for any packet; a checksum and a copy grow with the bytes, which is why a NIC that sums is worth having. And
// sending is a good part of it: the answer needs every layer once more, from the top down.
//
// **What it does not show.** Rings, the kernel's part, and the other core: here the wire is inside the process and only carries. Nor memory that is not in the cache, since
// the same frames come round again. What a packet costs over a real link, `npm run bench` measures.
//
// ## Exercise 1: the checksum
//
// IPv4, ICMP, UDP and TCP share one checksum. Add the bytes up as 16-bit words in network order; an odd last byte is the high byte of a word whose low
// byte is 0. Bring what does not fit into 16 bits back in at the low end. Turn every bit over (RFC 1071). Write `checksum(bytes)`.
// %% id="checksum" tags=["exercise"]
// BEGIN SOLUTION
const checksum: ChecksumFunction = (bytes) => {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += bytes[i] * 256 + (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum ^ 0xffff;
};
// END SOLUTION
// BEGIN STARTER
// | const checksum: ChecksumFunction = (bytes) => {
// |   let sum = 0;
// |   for (let i = 0; i < bytes.length; i += 2) sum += bytes[i] * 256 + (bytes[i + 1] ?? 0);
// |   return sum; // what is missing?
// | };
// END STARTER

display(await check("40-a-stack-in-user-space/checksum", checksum));
// %% [markdown]
// ## Exercise 2: answer ARP, and survive
//
// Write `answerArp(frame, self)`: where the frame asks for our address, return the frame that answers; else return `null`. Frames come from a wire, so they
// may be anything and end anywhere, and a stack that throws is a stack that anybody can stop.
// %% id="answer-arp" tags=["exercise"]
// BEGIN SOLUTION
const answerArp: ArpAnswerer = (frame, self) => {
  const isArp = frame.length >= 42 && frame[12] === 0x08 && frame[13] === 0x06;
  if (!isArp) return null;
  const asked = parseArp(frame, 14);
  if (asked.operation !== 1 || asked.targetIp !== self.address) return null;
  return buildFrame({
    ethernet: { source: self.mac, destination: asked.senderMac },
    arp: {
      operation: 2,
      senderMac: self.mac, senderIp: self.address,
      targetMac: asked.senderMac, targetIp: asked.senderIp,
    },
    padTo: 60,
  });
};
// END SOLUTION
// BEGIN STARTER
// | const answerArp: ArpAnswerer = (frame, self) => {
// |   const asked = parseArp(frame, 14); // { operation, senderMac, senderIp, targetMac, targetIp }
// |   return buildFrame({
// |     ethernet: { source: self.mac, destination: asked.senderMac },
// |     arp: { ...asked },
// |     padTo: 60,
// |   });
// | };
// END STARTER

display(await check("40-a-stack-in-user-space/answer-arp", answerArp));
// %% [markdown]
// ## Tear down, and what we now believe
//
// The model needs none, and the experiment ran in a process of its own, which removed its namespaces.
//
// - Whoever takes the frames takes the protocols, too (C20): `b`'s kernel answered nothing that we were given.
// - A stack is a few small rules for each protocol, and a long list of reasons to drop; ours names each of them.
// - What a kernel's program hears of our host, it hears through our stack: even that nobody is there.
//
// Next: **41-tcp-in-user-space**, where nothing may get lost although everything does.
