// %% [markdown]
// # Sockets and cores
//
// **Question:** on which core does a connection come in, on which is it accepted, and what does it cost when the two differ?
//
// **Minutes:** 35 to read and think, half a minute to run.
//
// **Needs:** Linux, two CPUs or more, and root: two network namespaces with a wire between them, programs that choose among
// listening sockets, tracepoints. It touches no interface of yours. The rates need a quiet machine.
//
// **Mode:** live, and further down a **model**, badged as one. Without root the cells say what is missing. The last exercise needs nothing.

// %% [markdown]
// ## Two halves of a connection
//
// A packet is received by the core that its card's queue interrupts. That core runs TCP: the handshake, the acknowledgements, the bytes into the
// socket's buffer. Then a thread reads them, on whatever core that thread runs. `accept()` has no argument that says which. Where the cores
// differ, the connection's state travels from cache to cache, and the reader has to be woken across.
//
// Three papers are about that. **Affinity-Accept** (Pesterev, Strauss, Zeldovich, Morris, EuroSys 2012) gives each core an accept queue and lets an idle core
// *steal* by a rule. **Fastsocket** (Lin and others, ASPLOS 2016) gives each core tables of its own for listening and established sockets. **MegaPipe** we met
// in notebook 13. Linux took a simpler way: with `SO_REUSEPORT` several sockets listen on one port, and a hash of the flow chooses, or a
// program does that you load.
//
// Our wire has a queue for each of two cores, and what a client sends is received on its own core: the client plays the card's part.

// %% id="open"
import {
  ACCEPT_PAPERS, barFigure, check, classicByCpu, display, htmlTable, lineFigure, measure, measuredWhere, predict,
  predictionFigure, provenance, runAcceptModel, speedUp, whenMeasured,
  type AcceptCosts, type AcceptPolicy, type StealRule,
} from "ringside";

// %% [markdown]
// ## Claim
//
// > **C09.** The socket API does not see cores and NIC queues: a socket is used on another core than its queue's, packets move between cores.
// >
// > **C13.** Buffers move between cores and threads, so locks must protect them.
//
// From Enberg's article on kernel-bypass networking (2018). Sharpened until it could be false: **of the connections to a listener that servers on
// two cores share, at least a quarter is accepted on the core where its packets are not; and a program that asks for the CPU brings that to zero.**
//
// ## Predict
//
// Servers on both cores wait in `accept` on one shared listener. What share of the connections is accepted on the core of its packets? And of the wake-ups that the servers
// get under a program by CPU, how many come from the other core?

// %% id="guess-cores"
const guessShared = predict([40, 60], "%");
const guessAcross = predict(0, "wake-ups");

// %% [markdown]
// ## Measure
//
// A client on each core opens 300 connections, four at a time, with one question each. The server asks every connection where its packets came in
// (`SO_INCOMING_CPU`). Two tracepoints say on which CPU a server was woken and on which it then ran.

// %% id="measure-cores"
const cores = await measure.acceptCores({ guess: guessShared });
console.log(cores.status === "ok" ? cores.guess.text : `${cores.reason} -> ${cores.next}`);

// %% [markdown]
// ## Plot

// %% id="plot-cores"
display(
  whenMeasured(cores, ({ rows }, provenance) =>
    barFigure({
      title: "Connections accepted on the core of their packets",
      note: "600 connections from two cores to servers on the same two; the dot is your guess",
      provenance,
      axis: { label: "on the right core", unit: "%", scale: "linear" },
      bars: rows.map(({ way, onCore }, i) => ({
        name: way,
        value: onCore * 100,
        ...(i === 0 ? { guess: (guessShared.low + guessShared.high) / 2 } : {}),
      })),
    }),
  ),
);
display(
  whenMeasured(cores, ({ rows, cpus: [first, second] }, provenance) =>
    htmlTable(
      [
        "way", "accepted by each server", `woken ${first} → ${first}`, `${first} → ${second}`,
        `${second} → ${first}`, `${second} → ${second}`, "receiving softirqs by CPU",
      ].map((name) => ({ name })),
      rows.map(({ way, accepted, wakeups, softirqs }) => {
        const from = (waker: number, runner: number) =>
          wakeups.find(({ wakerCpu, runCpu }) => wakerCpu === waker && runCpu === runner)?.count ?? 0;
        return [
          way, accepted.join(" and "),
          from(first!, first!), from(first!, second!), from(second!, first!), from(second!, second!),
          softirqs.map(({ cpu, runs }) => `${cpu}: ${runs}`).join(", "),
        ];
      }),
      { title: "Wake-ups of the servers by CPU pair (waker → woken), and where the kernel's half ran", provenance },
    ),
  ),
);
display(
  whenMeasured(cores, ({ rows }, provenance) =>
    predictionFigure({
      title: "Wake-ups across, under the eBPF program by CPU",
      axis: { label: "wake-ups from the other core", unit: "" },
      predictions: [
        {
          name: "of all wake-ups of the two servers",
          guess: guessAcross,
          measured: rows.find(({ way }) => way === "eBPF program, by CPU")!.wakeupsAcross,
        },
      ],
      provenance,
    }),
  ),
);

// %% [markdown]
// ## Explain
//
// A shared listener hands a connection to whoever waits, and a hash is a coin: on two cores either is right about half the time, on 48 it would be right one time in 48. The
// three ways that know the CPU are right every time, with no wake-up across: a **classic** program of a few instructions, an **eBPF** program with a map of
// sockets, and the option `SO_INCOMING_CPU` on the listeners, which came with Linux 6.2 and needs no program at all.
//
// The classic program is in the language of tcpdump's filters. clang compiles C to eBPF alone, so this one
// is written instruction by instruction; it has no maps, and answers with a listener's *place* in the group. Here it is as the kernel got it; the other
// one, in C, you write in exercise 1.

// %% id="classic"
const inWords: Record<number, (operand: number) => string> = {
  0x20: () => "load the number of this CPU",
  0x15: (cpu) => `is it ${cpu}? If not, skip the next one`,
  0x06: (place) => `answer ${place}${place === 2 ? ": no such listener, so the hash of the flow decides" : ""}`,
};
for (const [code, whenTrue, whenFalse, operand] of classicByCpu([0, 1])) {
  console.log(`{ 0x${code.toString(16).padStart(2, "0")}, ${whenTrue}, ${whenFalse}, 0x${operand.toString(16)} }  ${inWords[code]!(operand)}`);
}

// %% [markdown]
// The last way shows the other half of the bargain. RPS, a switch in `/sys`, moves the *receiving* half to one core, as a card with a single queue does. Now the right core
// is always the same one, and the other server has nothing to do. Locality alone is not balance; hence the steal rule.
//
// So C09 holds for the plain API, and has a cure in today's Linux, if the program asks for it.
//
// ## Predict: what does it cost?
//
// Two cores that share nothing: how many times as many connections do they serve as one core?

// %% id="guess-two"
const guessTwo = predict([1.5, 2], "×");

// %% [markdown]
// ## Measure
//
// The same without tracing, and beside it the **model** that we need further down. It is a simulation: a connection is work on the core of its flow, a place in a queue, and
// work on the core that takes it. It is fed with two measurements (marked *fed*): what a connection costs on one core, and what it costs more where it is always served on the wrong one.
// The other figures it must foretell.

// %% id="measure-model"
const checked = await measure.acceptModel({ guess: guessTwo });
console.log(checked.status === "ok" ? checked.guess.text : `${checked.reason} -> ${checked.next}`);

// %% id="plot-model"
display(
  whenMeasured(checked, ({ checks }, provenance) =>
    barFigure({
      title: "Connections a second on one core and two: measured, and foretold by the model",
      note: "epoll servers, clients on the same cores; whisker: 95 % of the median",
      provenance,
      axis: { label: "connections a second", unit: "/s", scale: "linear" },
      bars: checks.map(({ name, fed, measured, low, high, foretold }) => ({
        name,
        value: measured,
        low,
        high,
        published: fed ? [] : [{ source: "model", value: Math.round(foretold) }],
      })),
    }),
  ),
);

// %% id="explain-model"
if (checked.status === "ok") {
  const { costs, checks, twoOverOne } = checked.outcome;
  const us = (ns: number) => `${(ns / 1000).toFixed(1)} µs`;
  console.log(`A connection: ${us(costs.flowNs)} on the core of its flow, client included; ${us(costs.serverNs)} of its server.`);
  console.log(`Served on the wrong core it costs ${us(costs.remoteNs)} more. Two cores over one: ${twoOverOne.toFixed(2)}.`);
  for (const { name, fed, measured, foretold } of checks) {
    console.log(`${name}: ${fed ? "the model was fed with it" : `measured over foretold ${(measured / foretold).toFixed(2)}`}`);
  }
}

// %% [markdown]
// Where this was written two cores by core came within 3 % of what one core foretold. By hash they did better than the model, by a seventh: with *every* connection on the wrong core each core also sleeps until the
// other has answered, and the model takes that sleep for work. So it errs to the disadvantage of wrong cores, and further down, too.
//
// ## A model of the machines that we do not have
//
// The papers used 8, 24 and 48 cores. Here is what the model says of so many, **if** its assumptions hold:
//
// 1. Costs are those measured above, whatever the number of cores; a wrong core is as far away as the other of our two.
// 2. A listener's lock is held twice a connection (when the handshake is done, and for accept), and passing it on costs one journey of a cache line for each core that waits:
//    the journey was measured with the costs above (21 shows it by itself). *Not measured* is how long the lock is held: on today's kernel and two cores its share drowns in the noise. In 2012 Linux
//    held it for much of the handshake, so we try several shares.
// 3. Each core always has 16 connections open, spread evenly. Memory, the card and the application never run short.

// %% id="model-curves"
const assumed: AcceptCosts = { flowNs: 45_000, serverNs: 25_000, remoteNs: 25_000, lockNs: 0, handoverNs: 100 };
const own: AcceptCosts = checked.status === "ok" ? checked.outcome.costs : assumed;
const work = own.flowNs + own.serverNs;
const withLock = (share: number): AcceptCosts => ({ ...own, lockNs: (share * work) / 2 });
const badge = { ...provenance(checked), mode: "model" as const };
console.log(
  checked.status === "ok"
    ? `Passing the lock on costs ${own.handoverNs.toFixed(0)} ns, the journey of a line as measured ${measuredWhere(checked)}.`
    : "The model runs on costs measured elsewhere: 45, 25 and 25 µs, and an assumed 100 ns to pass the lock on.",
);

const COUNTS = [1, 2, 4, 8, 16, 24, 48];
const curve = (name: string, policy: AcceptPolicy, costs: AcceptCosts) => ({
  name,
  points: COUNTS.map((x) => ({ x, y: speedUp(policy, costs, x, { connections: 400 }) })),
});
const fastsocket = ACCEPT_PAPERS.find(({ paper, ratio }) => paper === "Fastsocket" && ratio > 20)!;
display(
  lineFigure({
    title: "Speed-up by cores, in the model",
    note: `the single dot is Fastsocket's published ${fastsocket.ratio} on ${fastsocket.cores} cores (${fastsocket.source})`,
    provenance: badge,
    x: { label: "cores", unit: "", scale: "log" },
    y: { label: "connections a second over one core's", unit: "×", scale: "log" },
    series: [
      curve("by core", "byCore", own),
      curve("by hash", "hash", own),
      curve("shared, lock 1 %", "shared", withLock(0.01)),
      curve("shared, lock 10 %", "shared", withLock(0.1)),
      { name: "Fastsocket", points: [{ x: fastsocket.cores, y: fastsocket.ratio }] },
    ],
  }),
);

// %% id="model-papers"
const over = (policy: AcceptPolicy, costs: AcceptCosts, count: number) =>
  speedUp("byCore", own, count, { connections: 400 }) / speedUp(policy, costs, count, { connections: 400 });
display(
  htmlTable(
    ["cores", "published", "what", "by hash", "lock 1 %", "lock 5 %", "lock 10 %", "lock 20 %"].map((name) => ({ name })),
    ACCEPT_PAPERS.filter((each) => each !== fastsocket).map(({ paper, cores: count, what, ratio }) => [
      count,
      ratio,
      `${paper}: ${what}`,
      ...[over("hash", own, count), ...[0.01, 0.05, 0.1, 0.2].map((share) => over("shared", withLock(share), count))].map(
        (value) => Number(value.toPrecision(3)),
      ),
    ]),
    {
      title: "How many times more does the model serve by core than by hash, or than with a shared lock of that share of the work?",
      provenance: badge,
    },
  ),
);

// %% [markdown]
// Read the rows the other way round: *how long must the lock be held for the paper's figure to come out?* Cores that share nothing add up, and Fastsocket's published 20.4 of 24 is near that. What a shared
// lock does is worse than a bound, because passing it on costs more the more cores wait: with a share of ten per cent more cores even serve less. **A hash has no lock to wait for**, and loses only what wrong cores cost:
// that is the size of thing that Affinity-Accept's 24 % is about, on another machine and with Apache's own work beside it.
//
// A model that can be made to fit is no proof, and here one row does not even fit: on eight cores no share that we tried comes near MegaPipe's 6.82. A lock alone does not explain it; MegaPipe also
// batched calls and did away with descriptors. What the model does show is where large factors on many cores can come from: a lock that is passed around, rather than cache lines.
//
// ## The steal rule, in the model
//
// Flows are seldom even. Let all flows come in on one of four cores. Affinity-Accept's rule: a core whose queue is long is *busy*; another takes one connection of a busy core between
// its own, and any at all where it has none. One for every five of its own is this model's choice, as is how long is long.

// %% id="model-steal"
const EVEN = [16, 16, 16, 16];
const SKEWED = [64, 0, 0, 0];
const steady = { costs: own, connections: 8000, seed: 1 };
display(
  barFigure({
    title: "Four cores, flows even or all on one, in the model",
    note: "in brackets: the share of connections that was served on the core of its flow",
    provenance: badge,
    axis: { label: "connections a second", unit: "/s", scale: "linear" },
    bars: [EVEN, SKEWED].flatMap((flows) =>
      (["byCore", "hash", "steal"] as const).map((policy) => {
        const { connectionsPerSecond, onCore } = runAcceptModel({ ...steady, policy, flows });
        const name = { byCore: "by core", hash: "by hash", steal: "steal rule" }[policy];
        return {
          name: `${flows === EVEN ? "even" : "skewed"}, ${name} (${Math.round(onCore * 100)} %)`,
          value: connectionsPerSecond,
        };
      }),
    ),
  }),
);

// %% [markdown]
// With even flows the rule keeps nearly everything at home, as a program by core does; with all flows on one core it lets the others help, as a hash does. Neither of the two does both. What the first
// core must do for its flows, no rule can move: that takes the card, and Affinity-Accept does tell the card, a few times a second, to move flows.
//
// Linux has no such rule, so two cores cannot show it directly. What was checked above is what it rests on: the figures with *flows on one core*, by core and by hash. A shared listener is no substitute: with epoll and
// all flows on one core it served no more than that core alone where this was written, because both servers woke for every connection and the busy core still took two of three.
//
// ## Exercise 1: the selector
//
// Write the program. It runs on the CPU that received a connection's first packet; `listeners` holds each server's socket under the number of its CPU. The kernel is the
// judge: two clients, two servers, 200 connections, and every one must be accepted on the core of its packets.

// %% id="selector" tags=["exercise"]
// BEGIN SOLUTION
const byCore = `
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
  __uint(max_entries, 64);
  __type(key, __u32);
  __type(value, __u64);
} listeners SEC(".maps");

SEC("sk_reuseport")
int by_core(struct sk_reuseport_md *packet) {
  __u32 cpu = bpf_get_smp_processor_id();
  bpf_sk_select_reuseport(packet, &listeners, &cpu, 0);
  return SK_PASS;
}
char license_text[] SEC("license") = "GPL";
`;
// END SOLUTION
// BEGIN STARTER
// | const byCore = `
// | #include <linux/bpf.h>
// | #include <bpf/bpf_helpers.h>
// |
// | struct {
// |   __uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
// |   __uint(max_entries, 64);
// |   __type(key, __u32);
// |   __type(value, __u64);
// | } listeners SEC(".maps");
// |
// | SEC("sk_reuseport")
// | int by_core(struct sk_reuseport_md *packet) {
// |   return SK_PASS; // chooses nothing: the kernel goes on by the hash of the flow
// | }
// | char license_text[] SEC("license") = "GPL";
// | `;
// END STARTER

display(await check("14-sockets-and-cores/selector", byCore));

// %% [markdown]
// ## Exercise 2: the steal rule
//
// Write `chooseQueue(view)`: from whose queue does core `view.core` take its next connection? `view.waiting` and `view.busy` are by core, `view.ownSinceStolen` counts what it took of its own since it
// last stole. A busy core takes only its own. Another takes from a busy core once it has taken five of its own, or has none; with none of its own and nobody busy it takes from any that waits. `null` is "nothing".

// %% id="steal-rule" tags=["exercise"]
// BEGIN SOLUTION
const chooseQueue: StealRule = ({ core, waiting, busy, ownSinceStolen }) => {
  const mine = waiting[core]! > 0 ? core : null;
  if (busy[core]) return mine;
  const find = (may: (other: number) => boolean) => {
    const found = waiting.findIndex((count, other) => other !== core && count > 0 && may(other));
    return found < 0 ? null : found;
  };
  const victim = find((other) => busy[other]!);
  if (victim !== null && (mine === null || ownSinceStolen >= 5)) return victim;
  return mine ?? find(() => true);
};
// END SOLUTION
// BEGIN STARTER
// | const chooseQueue: StealRule = ({ core, waiting }) => {
// |   return waiting[core]! > 0 ? core : null; // its own, whatever happens elsewhere
// | };
// END STARTER

display(await check("14-sockets-and-cores/steal-rule", chooseQueue));

// %% [markdown]
// ## Tear down, and what we now believe
//
// The measurements removed their hosts when they ended: nothing is left to tear down.
//
// - The plain API does not see cores (C09): with a shared listener, or a hash, the core of a connection is chance.
// - Today's Linux can be told: a program, or one option, brings every connection to the core of its packets, and wake-ups across to none.
// - Two cores that share nothing are worth nearly two. What costs most on many cores is a lock (C13), at least in a model that foretold two cores and was checked no further.
//   If your run says otherwise, believe your run.

// %% id="tear-down"
console.log("Nothing to close: the measurements removed what they had made.");
