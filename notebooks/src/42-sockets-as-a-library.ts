// %% [markdown]
// # Sockets as a library
//
// **Question:** what is left of the socket interface when the kernel is gone?
//
// **Minutes:** 25 to read and think, a few seconds to run.
//
// **Needs:** counting calls needs Linux and root (T1): two network namespaces with a wire between them. All the rest, and the exercise, needs nothing.
//
// **Mode:** live. Without root the counting cell says what is missing, and shows no figure.
// %%
import {
  barFigure, check, type DatagramSocketsMaker, DatagramEcho, display, htmlTable, judgeSentence, kernelWorld, lineFigure, measure,
  modelWorld, predict, predictionFigure, sentences, whenMeasured, type World,
} from "ringside";
// %% [markdown]
// ## Claim
//
// > **C21.** Many user-space stacks exist, and none of them is a standard.
//
// > **C22.** The POSIX sockets API can be a library (TRIOS'14), yet most stacks have an interface of their own: compatibility suffers.
//
// From Enberg's article (2018). TRIOS'14 is Hruby, Crivat, Bos and Tanenbaum, *On Sockets and System Calls: Minimizing Context Switches for the Socket API*; its
// sockets live in the program's own memory, and up to 99 % of the system calls of a server go away. Could it be false? If programs
// leaned on what only a kernel can do, a library would be something else under the same names.
//
// ## One program, two kinds of sockets
//
// `DatagramEcho` is an echo server: it knows `socket`, `bind`, `poll`, `recvmsg` and `sendmsg`, and not whose they are. Here it answers twice: on
// Linux's sockets over the loopback interface, and on the lab's own stack (40 and 41) over a wire that is a model inside this process.
// %%
function askOnce(world: World, text: string): string[] {
  const server = new DatagramEcho(world.server, { address: world.serverAddress, port: 0 });
  const { client } = world;
  const fd = client.socket("datagram");
  client.sendmsg(fd, new TextEncoder().encode(text), server.at);
  const into = new Uint8Array(64);
  let answer = client.recvmsg(fd, into);
  world.until(() => {
    server.turn(1);
    answer ??= client.recvmsg(fd, into);
    return answer !== null;
  });
  const heard = new TextDecoder().decode(into.subarray(0, answer!.length));
  client.close(fd);
  server.close();
  return [world.title, `${server.at.address}:${server.at.port}`, heard];
}
const worlds = [kernelWorld(), modelWorld({ seed: 1 })];
display(
  htmlTable(
    [{ name: "whose sockets" }, { name: "the server was" }, { name: "the echo" }],
    worlds.map((world) => askOnce(world, "who is there?")),
    { title: "The same program on two kinds of sockets" },
  ),
);
// %% [markdown]
// ## Can a program tell?
//
// One echo proves little. What a program relies on is in the sentences of POSIX and the RFCs: *a port that a socket has is taken; who has ended
// their side can still read; closing with bytes unread resets the other side*. The lab has them as small plays. Each is played in both worlds. **In how many
// do they disagree?**
// %%
const disagreeGuess = predict(8, "sentences");
const played = sentences.map((sentence) => ({
  sentence: sentence.sentence,
  source: sentence.source,
  troubles: worlds.map((world) => judgeSentence(sentence, world).trouble),
}));
const broken = played.filter(({ troubles }) => troubles.some((trouble) => trouble !== null));
console.log(`${played.length} sentences, ${broken.length} of them not true in both worlds; you said at most ${disagreeGuess.high}`);
for (const { sentence, troubles } of broken) console.log(`- ${sentence}: ${troubles.join(" / ")}`);
// %%
display(
  htmlTable(
    [{ name: "sentence" }, { name: "who says so" }, { name: "Linux" }, { name: "the library" }],
    played
      .filter((_, i) => i % 6 === 0)
      .map(({ sentence, source, troubles }) => [sentence, source, ...troubles.map((trouble) => (trouble === null ? "yes" : "no"))]),
    { title: "Every sixth of the sentences" },
  ),
);
// %% [markdown]
// ## What that says
//
// A library can keep the sentences, so C22's first half stands: nothing in them needs a kernel. A descriptor is an index into a table, a port is a key in
// a map, an error is a name. It had to be *learned*, though: this library only let go of a port in TIME-WAIT as Linux does after Linux had been asked.
// (Linux wants `SO_REUSEADDR` on the socket that held the port as well; POSIX does not say so.) Each such rule is one that some program relies on, and a stack that leaves
// it out is what the second half of C22 complains of.
//
// What a library cannot have: descriptors that live on through `fork` and `exec`, or that stand in one `poll` beside files and pipes of the kernel. Those tables
// are the kernel's.
//
// ## Predict: calls
//
// What is it good for? Our echo server answers 4096 datagrams, on Linux's sockets and on the library over AF_XDP, with 1, 8 or 32 of them on their way at once.
// **How many system calls about packets does it make for one message, on the library, with 32 on their way?**
// %%
const callsGuess = predict(1, "calls");
// %% [markdown]
// ## Measure
//
// The serving thread's system calls by tracepoint. The client asks from the other namespace by Linux's sockets, both times.
// %%
const counted = await measure.echoCalls({ guess: callsGuess });
console.log(counted.status === "ok" ? counted.guess.text : `No figure: ${counted.reason} -> ${counted.next}`);
// %% [markdown]
// ## Plot
// %%
display(
  whenMeasured(counted, ({ runs }, from) =>
    lineFigure({
      title: "System calls for one message, by how many are on their way",
      note: "recvfrom, sendto and poll of the serving thread; 4096 messages a point",
      provenance: from,
      x: { label: "messages on their way", unit: "", scale: "log" },
      y: { label: "calls a message", unit: "" },
      series: (["kernel", "library"] as const).map((which) => ({
        name: which === "kernel" ? "Linux's sockets" : "the library",
        points: runs.filter(({ sockets }) => sockets === which).map(({ window, callsPerMessage }) => ({ x: window, y: callsPerMessage })),
      })),
    }),
  ),
);
display(
  whenMeasured(counted, ({ runs }, from) =>
    barFigure({
      title: "Which calls they are, with most on their way",
      note: "calls a message",
      provenance: from,
      axis: { label: "calls a message", unit: "", scale: "linear" },
      bars: (["kernel", "library"] as const).flatMap((which) => {
        const run = runs.filter(({ sockets }) => sockets === which).at(-1)!;
        return Object.entries(run.calls).map(([name, calls]) => ({
          name: `${which === "kernel" ? "Linux" : "library"}: ${name}`,
          value: calls / run.messages,
        }));
      }),
    }),
  ),
);
display(
  whenMeasured(counted, ({ runs }, from) =>
    predictionFigure({
      title: "The library's calls, and your guess",
      note: "32 messages on their way",
      provenance: from,
      axis: { label: "calls a message", unit: "", scale: "linear" },
      predictions: [{ name: "the library", guess: callsGuess, measured: runs.at(-1)!.callsPerMessage }],
    }),
  ),
);
// %% [markdown]
// ## Explain
//
// On Linux's sockets a message takes two calls at the least, one to receive and one to send, and however many wait, it stays at two. What falls is the third: `poll`,
// and the `recvfrom` that finds nothing.
//
// On the library `recvmsg` and `poll` are functions. They look at a ring and at a table, and **no call receives**. What is left is `sendto`: the kick that makes the
// kernel send what lies in the transmit ring. The stack gathers what was written until its next look at the wire, so a kick takes a batch along: the more messages come
// together, the fewer calls each of them costs.
//
// Why not zero? Because this wire is a veth, where AF_XDP copies and the kernel sends only when told. A card whose driver has zero-copy AF_XDP takes frames out of the ring by
// itself while it is awake. That cannot be shown on a veth. And calls are not time: this thread never sleeps, so it burns its core whether messages come or not (33, 60).
//
// TRIOS's 99 % was measured with other servers on another operating system, and is not repeated here. Ours went from two to a fraction of one, in two
// steps: ask memory and not the kernel, and let what must be told wait for company.
//
// ## Exercise: datagram sockets over a ring
//
// Write the library's heart. `makeSockets(ring)` gets a ring with `take()`, the next datagram that has arrived, **for whichever port**, or `null`; and `put(datagram)`, which sends
// one. It returns six functions: `socket()` gives a descriptor; `bind(fd, port)`; `sendto(fd, text, peer)`; `recvfrom(fd)` gives `{ text, peer }` or `null`; `poll(fds)` gives
// those of them that have something to receive; `close(fd)`.
//
// Two errors matter: an `Error` whose `code` is `"EADDRINUSE"` where a port is taken, and `"EBADF"` for a descriptor that is closed. A socket that sends without a port
// gets a free one, from 49152 on.
// %% id="datagram-sockets" tags=["exercise"]
// BEGIN SOLUTION
const makeSockets: DatagramSocketsMaker = (ring) => {
  type Socket = { port: number; queue: { port: number; peer: { address: string; port: number }; text: string }[] };
  const table = new Map<number, Socket>();
  let nextFd = 3;
  const failure = (code: string) => Object.assign(new Error(code), { code });
  const at = (fd: number): Socket => {
    const found = table.get(fd);
    if (found === undefined) throw failure("EBADF");
    return found;
  };
  const holder = (port: number) => [...table.values()].find((each) => each.port === port);
  const sort = () => {
    for (let got = ring.take(); got !== null; got = ring.take()) holder(got.port)?.queue.push(got);
  };
  return {
    socket() {
      table.set(nextFd, { port: 0, queue: [] });
      return nextFd++;
    },
    bind(fd, port) {
      if (holder(port) !== undefined) throw failure("EADDRINUSE");
      at(fd).port = port;
    },
    sendto(fd, text, peer) {
      const mine = at(fd);
      for (let port = 49_152; mine.port === 0; port++) if (holder(port) === undefined) mine.port = port;
      ring.put({ port: mine.port, peer, text });
    },
    recvfrom(fd) {
      const { queue } = at(fd);
      sort();
      return queue.shift() ?? null;
    },
    poll(fds) {
      sort();
      return fds.filter((fd) => at(fd).queue.length > 0);
    },
    close(fd) {
      at(fd);
      sort();
      table.delete(fd);
    },
  };
};
// END SOLUTION
// BEGIN STARTER
// | const makeSockets: DatagramSocketsMaker = (ring) => ({
// |   socket: () => 3,
// |   bind: (fd, port) => {},
// |   sendto: (fd, text, peer) => ring.put({ port: 0, peer, text }),
// |   recvfrom: (fd) => ring.take(),
// |   poll: (fds) => [...fds],
// |   close: (fd) => {},
// | });
// END STARTER

display(await check("42-sockets-as-a-library/datagram-sockets", makeSockets));
// %% [markdown]
// ## Tear down, and what we now believe
//
// Nothing is left to tear down: every play closed its sockets, and the wire went with its process.
//
// - The POSIX interface asks for nothing that only a kernel can give, sentence by sentence. That a library keeps them has to be tested, not believed.
// - Receiving costs a library no system call. Sending costs one for a batch here, and none where the driver takes frames by itself.
// - Compatibility is made of small rules. Node.js's own HTTP server runs on these sockets unchanged, and `curl` cannot tell (`test/sockets` in the repository has both).
//
// Next: **50-the-articles-program**, the other way round: a program of yours inside the kernel.
