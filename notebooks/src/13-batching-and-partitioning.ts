// %% [markdown]
// # Batching and partitioning: MegaPipe
//
// **Question:** what does a connection cost its server in system calls, and does it pay to make fewer of them?
//
// **Minutes:** 30 to read and think, half a minute to run.
//
// **Needs:** Linux with io_uring, and root: two network namespaces with a wire between them, on which thousands of TCP
// connections are opened a second. It touches no interface of yours. The rates need a quiet machine.
//
// **Mode:** live. Without root the cells say what is missing, and show no figure. The last exercise needs nothing.

// %% [markdown]
// ## Four servers
//
// A *short connection* carries a question or two and is gone: a web page, a DNS lookup over TCP, a health check. For its server it is mostly
// work that moves no byte of the user's: the control plane of claim C06. **MegaPipe** (Han, Marshall, Chun, Ratnasamy, OSDI 2012) named three costs
// and a remedy for each. Linux has since got all three remedies, under other names:
//
// | MegaPipe, 2012 | what it is | Linux today |
// | --- | --- | --- |
// | batching | commands and completions of many connections go through one call | io_uring (5.1, 2019), multishot accept (5.19) |
// | partitioned listeners | each core has an accept queue of its own | `SO_REUSEPORT` (3.9, 2013) |
// | lightweight sockets | a connection without a file descriptor | io_uring's direct descriptors (5.15, 2021) |
//
// So we need no patched kernel. Four servers answer the same questions: one **accepts one by one**, one is an event loop on
// **epoll**, and two use **io_uring**, the last without descriptors. Each is a C file of the lab. The first is the shortest:

// %% id="open"
import {
  barFigure, check, display, htmlTable, kernelSource, lineFigure, measure, pairsFigure, predict,
  predictionFigure, whenMeasured,
  type CallCosts, type ChannelMaker,
} from "ringside";

console.log(kernelSource("acceptOneByOne").split("\n").slice(4).join("\n"));

// %% [markdown]
// ## Claim
//
// > **C06.** Control plane and data plane operations are both system calls.
// >
// > **MegaPipe.** Batching, partitioning and lightweight sockets serve 29 % more (long connections) to 582 % more (short ones).
//
// From Enberg's article on kernel-bypass networking (2018) and the paper's abstract. Sharpened until it could be false: **a connection with
// one question costs the first server exactly four system calls, and a batching server less than one.**
//
// ## Predict
//
// How many calls does *one connection with one question* cost the server that accepts one by one? And the io_uring server, when 64
// connections are open at once?

// %% id="guess-calls"
const guessOneByOne = predict(6, "calls");
const guessBatched = predict([0.5, 2], "calls");

// %% [markdown]
// ## Measure
//
// A client opens 200 connections, one at a time and then 64 at once. A tracepoint counts every call of the server's thread;
// the count begins and ends while that thread sleeps, so nothing is cut off. Tracing slows the path: this says how many, never how fast.

// %% id="measure-calls"
const calls = await measure.connectionCalls({ guess: guessOneByOne });
console.log(calls.status === "ok" ? calls.guess.text : `${calls.reason} -> ${calls.next}`);

// %% [markdown]
// ## Plot

// %% id="plot-calls"
const SHORT = {
  oneByOne: "one by one", epoll: "epoll", ioUring: "io_uring", ioUringDirect: "io_uring, no fd",
};
display(
  whenMeasured(calls, ({ rows }, provenance) =>
    barFigure({
      title: "System calls for a connection with one question",
      note: "of the server, counted by tracepoint over 200 connections; the dot is your guess",
      provenance,
      axis: { label: "calls for one connection", unit: "", scale: "linear" },
      bars: [1, 64].flatMap((crowd) =>
        rows
          .filter(({ requests, atOnce }) => requests === 1 && atOnce === crowd)
          .map(({ design, callsPerConnection }) => ({
            name: `${SHORT[design]}, ${crowd} open`,
            value: callsPerConnection,
            ...(design === "oneByOne" && crowd === 1 ? { guess: guessOneByOne.low } : {}),
          })),
      ),
    }),
  ),
);
display(
  whenMeasured(calls, ({ rows }, provenance) =>
    htmlTable(
      [
        { name: "server" }, { name: "questions" }, { name: "open at once" }, { name: "calls a connection" },
        { name: "which, over 200 connections" },
      ],
      rows
        .filter(({ requests }) => requests < 4)
        .map(({ title, requests, atOnce, callsPerConnection, byName }) => [
          title, requests, atOnce, callsPerConnection,
          Object.entries(byName).map(([name, count]) => `${name} ${count}`).join(", "),
        ]),
      { title: "Every system call of the server", provenance },
    ),
  ),
);
display(
  whenMeasured(calls, ({ rows }, provenance) =>
    predictionFigure({
      title: "System calls a connection, with 64 open at once",
      axis: { label: "calls for one connection", unit: "" },
      predictions: [
        {
          name: "io_uring, one question",
          guess: guessBatched,
          measured: rows.find((row) => row.design === "ioUring" && row.atOnce > 1)!.callsPerConnection,
        },
      ],
      provenance,
    }),
  ),
);

// %% [markdown]
// ## Explain
//
// The calls of the first two servers are a sum that can be done by hand; the first exercise asks you to. Only two of the four calls of a short connection
// move the user's bytes. **epoll makes more calls, not fewer**: what it buys is that one thread can wait for all connections at once. Its wait is shared
// when many are ready, and everything else stays one call each. io_uring shares the call itself: with a crowd, one
// `io_uring_enter` carries reads, writes and closes of dozens of connections, and MegaPipe's batching is just that.
//
// How large a batch is depends on the load: it grows when the server falls behind, and that is when it is needed.
//
// ## Predict: does it pay?
//
// Now rates, without tracing. The baseline is an event loop on each of two cores with **one shared listener** and epoll. Its rival has
// all three of MegaPipe's remedies: io_uring, connections without descriptors, a listener for each core. How many times as many connections
// with one question a second does the rival serve?

// %% id="guess-rate"
const guessRate = predict([1.1, 2], "×");

// %% id="measure-lengths"
const lengths = await measure.connectionLengths({ guess: guessRate });
console.log(lengths.status === "ok" ? lengths.guess.text : `${lengths.reason} -> ${lengths.next}`);

// %% id="plot-lengths"
display(
  whenMeasured(lengths, ({ points }, provenance) =>
    lineFigure({
      title: "The rival over the baseline, by the length of a connection",
      note: "median of paired ratios and its 95 % band; 1 is no difference",
      provenance,
      x: { label: "questions on a connection", unit: "", scale: "log" },
      y: { label: "times better", unit: "×", scale: "linear" },
      series: [
        {
          name: "rate",
          points: points.map(({ requests: x, comparison: { medianRatio: y, low, high } }) => ({ x, y, low, high })),
        },
        {
          name: "server CPU",
          points: points.map(({ requests: x, serverComparison: { medianRatio: y, low, high } }) => {
            return { x, y, low, high };
          }),
        },
      ],
    }),
  ),
);
display(
  whenMeasured(lengths, ({ points }, provenance) =>
    pairsFigure({
      title: "CPU time of the servers, baseline over rival, pair by pair",
      note: "each dot is one pair of runs; the band is the noise of two equal sides (A/A)",
      label: "times dearer",
      provenance,
      rows: points.map(({ requests, serverComparison }) => ({
        name: `${requests} question${requests > 1 ? "s" : ""}`,
        comparison: serverComparison,
      })),
    }),
  ),
);
display(
  whenMeasured(lengths, ({ points }, provenance) =>
    barFigure({
      title: "Beside the paper: what batching and partitioning bring",
      note: "paper: 8 cores in 2012, against epoll with a shared listener; ours: 2 cores that also run the clients",
      provenance,
      axis: { label: "rate over the baseline's", unit: "×", scale: "log" },
      bars: [points[0]!, points.at(-1)!].map(({ requests, comparison }, i) => ({
        name: `${requests} question${requests > 1 ? "s" : ""}`,
        value: comparison.medianRatio,
        low: comparison.low,
        high: comparison.high,
        published: [
          i === 0
            ? { source: "MegaPipe, short connections (+582 %)", value: 6.82 }
            : { source: "MegaPipe, long connections (+29 %)", value: 1.29 },
        ],
      })),
    }),
  ),
);

// %% id="explain-lengths"
if (lengths.status === "ok") {
  const { points, baseline, contender, errors } = lengths.outcome;
  console.log(`baseline: ${baseline}\nrival: ${contender}`);
  for (const { requests, baseline: a, contender: b, comparison, serverComparison } of points) {
    const rates = `${Math.round(a.connectionsPerSecond)} and ${Math.round(b.connectionsPerSecond)} connections a second`;
    const cpu = `${(a.serverNs / 1000).toFixed(1)} and ${(b.serverNs / 1000).toFixed(1)} µs of server CPU a question`;
    console.log(`${requests} a connection: ${rates}, ${cpu}`);
    console.log(`  rate ${comparison.verdict}; CPU ${serverComparison.verdict}`);
  }
  console.log(`Connections that failed: ${JSON.stringify(errors)}`);
}

// %% [markdown]
// The paper's **shape** is what to look for: the shorter the connection, the more there is to win, because what is saved (the listener's lock, the descriptor,
// the calls of accept and close) is paid once a connection. Its **size** cannot be had here. Its baseline stood in line for one listener's lock with eight
// cores, on a kernel of 2012 whose TCP held that lock for much of the handshake; since Linux 4.4 the handshake takes no lock before the accept queue, and there are two
// cores. Most of what is left is TCP itself, which both servers pay for, and the clients, who run on the same cores. That is why the servers' own CPU time is shown
// beside the rate: it is the part that a server can change.
//
// ## Predict: a queue that is too short
//
// So far a client opened the next connection when one had ended, and a slow server was asked less often. Users do not wait like that: they come
// when they come. The last load is an **open loop**: each connection has an intended start, and its latency counts from there. 300 connections
// come within 15 ms; first the listener's queue has 1024 places, then 4. What is the 99th percentile of the latency with 4 places?

// %% id="guess-load"
const guessLate = predict([1, 10], "ms");

// %% id="measure-load"
const burst = { design: "oneByOne" as const, rates: [20_000], seconds: 0.015, guess: guessLate };
const roomy = await measure.connectionLoad(burst);
const tight = await measure.connectionLoad({ ...burst, backlog: 4 });
console.log(tight.status === "ok" ? tight.guess.text : `${tight.reason} -> ${tight.next}`);

// %% id="plot-load"
display(
  whenMeasured(tight, ({ points: [few] }, provenance) =>
    htmlTable(
      ["", "1024 places", "4 places"].map((name) => ({ name })),
      (roomy.status === "ok" ? roomy.outcome.points.slice(0, 1) : []).flatMap((many) => [
        ["offered", many.offered, few!.offered],
        ["answered", many.completed, few!.completed],
        ["failed", JSON.stringify(many.errors), JSON.stringify(few!.errors)],
        ["latency p50 (ms)", many.p50Us / 1000, few!.p50Us / 1000],
        ["latency p99 (ms)", many.p99Us / 1000, few!.p99Us / 1000],
        ["kernel: listen overflows", many.kernel.listenOverflows, few!.kernel.listenOverflows],
        ["kernel: SYN cookies sent", many.kernel.synCookies, few!.kernel.synCookies],
        ["kernel: connections taken", many.kernel.taken, few!.kernel.taken],
        ["kernel: in TIME-WAIT at the end", many.timeWaits, few!.timeWaits],
      ]),
      { title: "300 connections in 15 ms: our account and the kernel's", provenance },
    ),
  ),
);

// %% [markdown]
// A full queue is not an error that anybody sees. The kernel drops the client's SYN or ACK and counts it (`ListenOverflows`); the client's kernel believes that the network lost it, and
// tries again after **one second**, then after two more. With the queue of half-open connections full as well, the server answers with SYN cookies. A median of
// microseconds and a 99th percentile of a second is the mark of it. What had no answer when nothing happened any more for 1.5 s is counted as
// `ETIMEDOUT`: a load that counts only what came back would have called this server fast.
//
// The server closes first, so the TIME-WAIT of each connection, a minute of memory, is on its side.
//
// **What it does not show.** A network card with a queue for each core, and more than two cores: notebook 14 goes into the cores.
//
// ## Exercise 1: calls by hand
//
// With *one connection at a time* every count above is a whole number. Write it as a rule: so many calls for a connection, so many for each question on it.
// The kernel is the judge, with one question and with three.

// %% id="calls-by-hand" tags=["exercise"]
// BEGIN SOLUTION
const costs: CallCosts = {
  oneByOne: { connection: 2, question: 2 }, // accept, close; recv, send
  epoll: { connection: 4, question: 3 }, // accept, epoll_ctl, close and a wait; wait, recv, send
  ioUring: { connection: 1, question: 1 }, // io_uring_enter until a connection has come; until a question was read
};
// END SOLUTION
// BEGIN STARTER
// | const costs: CallCosts = {
// |   oneByOne: { connection: 0, question: 0 },
// |   epoll: { connection: 0, question: 0 },
// |   ioUring: { connection: 0, question: 0 },
// | };
// END STARTER

display(await check("13-batching-and-partitioning/calls-by-hand", costs));

// %% [markdown]
// ## Exercise 2: a channel
//
// MegaPipe's interface is a *channel*. `request(command)` queues a command and returns at once. `dispatch()` hands out the oldest completion; only where none
// waits does it enter the kernel, once, with everything that was queued. A call takes at most `kernel.most` commands, so a `request` that finds so many waiting
// must hand these over first, and what that call brings back belongs to later dispatches. Write `makeChannel(kernel)`; the check counts the calls.

// %% id="channel" tags=["exercise"]
// BEGIN SOLUTION
const makeChannel: ChannelMaker = (kernel) => {
  const waiting: Parameters<typeof kernel.enter>[0][number][] = [];
  const done: ReturnType<typeof kernel.enter>[number][] = [];
  const enter = () => {
    done.push(...kernel.enter(waiting.splice(0)));
  };
  return {
    request(command) {
      if (waiting.length >= kernel.most) enter();
      waiting.push(command);
    },
    dispatch() {
      if (done.length === 0) enter();
      return done.shift() ?? null;
    },
  };
};
// END SOLUTION
// BEGIN STARTER
// | const makeChannel: ChannelMaker = (kernel) => {
// |   return {
// |     request(command) {
// |       kernel.enter([command]); // a call for each command, and its completion is lost
// |     },
// |     dispatch() {
// |       return null;
// |     },
// |   };
// | };
// END STARTER

display(await check("13-batching-and-partitioning/channel", makeChannel));

// %% [markdown]
// ## Tear down, and what we now believe
//
// The measurements removed their hosts when they ended: nothing is left to tear down.
//
// - A connection is system calls before it is bytes (C06): four with one question and no batching, seven with epoll.
// - Batching makes the calls a connection fall below one, and the more so the busier the server is.
// - What that brings is largest for short connections. How large depends on what the baseline waits for: on two cores and a kernel of today it is far less
//   than the paper's 582 %. If your run says otherwise, believe your run.
// - A server that is asked only when it is ready looks well. Count from the intended start, and count what failed.

// %% id="tear-down"
console.log("Nothing to close: the measurements removed what they had made.");
