// %% [markdown]
// # TCP in user space
//
// **Question:** the wire loses frames, and the stream arrives whole. Who notices, and what does it cost?
//
// **Minutes:** 45 to read and think, a minute to run.
//
// **Needs:** Linux with AF_XDP, and root (T1), for the live part. The model and the exercise run anywhere.
//
// **Mode:** live, and one model, which is labelled. Without root the live cells say what is missing, and show no figure.
// %%
import {
  check, display, type EventBatchMaker, htmlTable, lineFigure, measure, ModelNetwork, predict, predictionFigure, STACK_EVENT,
  sequenceFigure, tcpStatesFigure, type TimerMaker, whenMeasured,
} from "ringside";
// %% [markdown]
// ## A stream on top of packets
//
// IP promises nothing: a packet may be lost, come twice, or be overtaken. TCP promises a stream of bytes in order, or an error. Between the two
// promises lies what `lab/src/stack/tcp` does. Three ideas carry it:
//
// - **Numbers.** Each byte has a number of 32 bits. A segment says where it begins, an acknowledgment says which byte is waited for.
// - **Copies.** What was sent is kept until it is acknowledged, and sent again when it seems lost: because a clock says so (RFC 6298), or because
//   acknowledgments repeat themselves (RFC 5681), or name what did arrive (SACK, RFC 2018; RACK, RFC 8985).
// - **Windows.** The receiver says how much it can take. The sender keeps a second window for the path, grows it while all goes well, and takes three
//   tenths of it away at a loss (CUBIC, RFC 9438; Reno, RFC 5681, takes half).
//
// ## Event batching
//
// One more idea is not TCP's but mTCP's (NSDI 2014): the stack takes in *all* frames that have come, and then tells each application *once* what became of
// them. Two stacks on a model wire; the receiver counts how often it is called, and how many frames came in.
// %%
const model = new ModelNetwork({ seed: 3, delayMs: 1 });
const listener = model.b.listenTcp(80, 4);
const client = model.a.connectTcp({ address: model.b.address, port: 80 });
model.run(() => listener.acceptable > 0);
const server = listener.accept()!;
const into = new Uint8Array(65_536);
let calls = 0;
let received = 0;
server.onEvents = (events) => {
  calls++;
  if ((events & STACK_EVENT.readable) === 0) return;
  for (let got = server.read(into); got > 0; got = server.read(into)) received += got;
};
const before = model.b.counters.framesIn;
let unsent = 1_000_000;
model.run(() => {
  unsent -= client.write(new Uint8Array(Math.min(unsent, 65_536)));
  return received === 1_000_000;
});
console.log(`model: ${model.b.counters.framesIn - before} frames came in, the application was called ${calls} times`);
// %% [markdown]
// ## Claim
//
// > **C20.** User space must then implement the protocols itself, TCP/IP at least.
// >
// > **C21.** Many userspace stacks exist, none is a standard; development and tests are fragmented.
//
// From Enberg's article on kernel-bypass networking (2018). A stack that speaks only with itself proves nothing, so ours speaks with Linux, over a wire that is
// bad on purpose. Made exact enough to be false: **what the wire loses is sent again, not much more than that is, and the kernel's reader gets
// every byte.**
//
// ## Predict
//
// Our TCP sends 512 KiB to a kernel's socket. Between them an XDP program drops **each 40th frame** of ours. A segment carries 1460 bytes, so the stream has
// 360 of them. How many segments does our TCP send **again**?
// %%
const guess = predict(100, "segments");
// %% [markdown]
// ## Measure
//
// Three namespaces: host `a` with its kernel's TCP, host `b` with ours on AF_XDP, and between them `m`, where the program `bad_wire` passes frames from one side
// to the other. A tap on our link writes down every segment that leaves and every acknowledgment that comes. Both ends' bytes are compared by hash.
// %%
const lossy = await measure.tcpOnBadWire({ guess });
console.log(lossy.status === "ok" ? lossy.guess.text : lossy.reason);
// %% [markdown]
// ## Plot
// %%
display(
  whenMeasured(lossy, ({ sentAgain, lost }, provenance) =>
    predictionFigure({
      title: "Segments that our TCP sent again",
      note: `The wire counts what it drops: of our frames it lost ${lost}.`,
      axis: { label: "segments", unit: "", scale: "linear" },
      predictions: [
        { name: "sent again", guess, measured: sentAgain },
      ],
      provenance,
    }),
  ),
);
display(
  whenMeasured(lossy, ({ segments, acks }, provenance) =>
    sequenceFigure({
      title: "The stream over time: what left, what left again, what was acknowledged",
      note: "An upright stroke is a segment; below the staircase everything has arrived.",
      segments,
      acks,
      provenance,
    }),
  ),
);
display(
  whenMeasured(lossy, ({ acks }, provenance) =>
    lineFigure({
      title: "Our window for the path, and what was on its way, at each acknowledgment",
      note: "cwnd is what may be on its way; in flight is what was.",
      x: { label: "time since the first SYN", unit: "ns" },
      y: { label: "bytes", unit: "B" },
      series: [
        { name: "cwnd", points: acks.map(({ atMs, cwndBytes }) => ({ x: atMs * 1e6, y: cwndBytes })) },
        { name: "in flight", points: acks.map(({ atMs, flightBytes }) => ({ x: atMs * 1e6, y: flightBytes })) },
      ],
      provenance,
    }),
  ),
);
display(
  whenMeasured(lossy, ({ states }, provenance) =>
    tcpStatesFigure({
      title: "TCP's states, and the way of our connection",
      note: "grey: RFC 9293, figure 5; coloured: seen in our stack, numbered in the order of time",
      walks: [
        {
          name: "ours",
          moves: states.map(({ from, to }, order) => ({
            from: from === "CLOSED" ? "CLOSE" : from,
            to: to === "CLOSED" ? "CLOSE" : to,
            order: order + 1,
          })),
        },
      ],
      provenance,
    }),
  ),
);
// %% [markdown]
// ## Explain
// %%
if (lossy.status === "ok") {
  const { bytes, isWhole, seen, lost, sentAgain, fastRecoveries, timeouts, srttMs, segments, acks } = lossy.outcome;
  console.log(`${bytes} bytes, hashes ${isWhole ? "the same" : "NOT the same"} at both ends.`);
  console.log(`The wire saw ${seen} frames of ours and lost ${lost}.`);
  console.log(`${segments.length} segments with text left, ${sentAgain} of them again; ${acks.length} acknowledgments came.`);
  console.log(`${fastRecoveries} recoveries began with what the acknowledgments told, ${timeouts} with a timeout.`);
  console.log(`Smoothed round trip at the end: ${srttMs.toFixed(2)} ms.`);
}
// %% [markdown]
// **What this shows.** Loss is repaired by the ends alone; the wire does not know that there is a stream. If "sent again" is about "lost", SACK did its work: the receiver
// names what it holds, and only the holes go again. A hole is seen by time (RACK, RFC 8985): what was sent later has arrived, and the hole has not, at the latest a quarter
// of a round trip after it, or later where the peer said that copies came twice (D-SACK, RFC 2883). At the end of the stream nothing comes behind it; there one more segment after two quiet round trips makes the peer speak (a probe). Only where
// that is lost, too, must the clock tell. (Pauses in which neither side does anything are this machine's: two CPUs carry both hosts, the wire
// between them and this notebook.)
//
// **The price** is in the third figure: each recovery takes three tenths of `cwnd`. On this wire that costs little, because a round trip is short; over a distance it is what limits TCP.
//
// **What it does not show.** C21: that ours is right. It is one more stack of many, and what stands behind it is its own tests: runs on a model
// wire with every fault and a seed each (`test/stack/simulation.test.ts`: 600, and ten thousand with `RINGSIDE_SEEDS=10000`), and transfers to and from Linux (`test/links`). One of those runs found that a timeout with the
// window shut sent nothing and asked nothing, for ever; Linux's kernel has had decades of such finds. `lab/src/stack/index.ts` says in bold what ours leaves out.
//
// ## Predict: no loss at all
//
// The same transfer over the same wire, and nothing is dropped. How many segments go again?
// %%
const guessClean = predict(5, "segments");
const clean = await measure.tcpOnBadWire({ guess: guessClean, faults: {} });
display(
  whenMeasured(clean, ({ segments, sentAgain, fastRecoveries, timeouts, isWhole, lost }, provenance) =>
    htmlTable(
      [{ name: "what was counted" }, { name: "without loss" }, { name: "each 40th lost" }],
      [
        ["frames lost by the wire", lost, lossy.status === "ok" ? lossy.outcome.lost : "–"],
        ["segments with text", segments.length, lossy.status === "ok" ? lossy.outcome.segments.length : "–"],
        ["of them sent again", sentAgain, lossy.status === "ok" ? lossy.outcome.sentAgain : "–"],
        ["recoveries", fastRecoveries, lossy.status === "ok" ? lossy.outcome.fastRecoveries : "–"],
        ["timeouts", timeouts, lossy.status === "ok" ? lossy.outcome.timeouts : "–"],
        ["bytes the same at both ends", isWhole ? "yes" : "no", lossy.status === "ok" && lossy.outcome.isWhole ? "yes" : "no"],
      ],
      { title: "The same transfer with loss and without", provenance },
    ),
  ),
);
// %% [markdown]
// ## A second opinion: iperf3
//
// That test is our own. `iperf3` is the one that everybody knows: its client talks with a server on one connection, in steps of a byte and parameters in JSON, and
// sends on others (`-R`: is sent to). Here the client runs unmodified on host `a`, over the kernel's sockets; on host `b` a server of 240 lines stands on our stack
// (`lab/src/sockets/iperf3.ts`). At the end each tells the other what it counted, and iperf3 prints both.
//
// iperf3 sends 8 MiB. How many **frames** come in to our stack?
// %%
const guessFrames = predict([2_000, 20_000], "frames");
const tested = await measure.iperf3Exchange({ guess: guessFrames });
console.log(tested.status === "ok" ? tested.guess.text : tested.reason);
display(
  whenMeasured(tested, ({ version, sides }, provenance) =>
    htmlTable(
      [{ name: `${version}, 8 MiB` }, ...sides.map(({ sender }) => ({ name: `sender: ${sender}` }))],
      [
        ["iperf3 says: bytes sent", ...sides.map(({ sentBytes }) => sentBytes)],
        ["iperf3 says: bytes received", ...sides.map(({ receivedBytes }) => receivedBytes)],
        ["iperf3 says: segments the kernel sent again", ...sides.map(({ retransmits }) => retransmits ?? "–")],
        ["our end counted: bytes", ...sides.map(({ ourBytes }) => ourBytes)],
        ["our stack counted: frames in", ...sides.map(({ framesIn }) => framesIn)],
        ["our stack counted: frames out", ...sides.map(({ framesOut }) => framesOut)],
        ["our stack counted: segments sent again", ...sides.map(({ sentAgain }) => sentAgain)],
      ],
      { title: "What iperf3 says, beside what our stack counted", provenance },
    ),
  ),
);
// %% [markdown]
// **What this shows.** Where the kernel sends, iperf3's "received" is what our end counted, to the byte; where ours sends, its "sent" is. "Sent" and "received" differ by what
// was still in buffers or on its way: the client ends the test when it has handed over its bytes, or has got them, and does not wait for the rest. A segment carries 1460 bytes, so
// 8 MiB are 5746 segments; the other way come acknowledgments, about one for two of them.
//
// **What it does not show.** How fast: both ends, the wire and this notebook share the machine's CPUs. `npm run bench` compares the rates, in turns and with their spread.
// %% [markdown]
// ## Exercise: the retransmission timer
//
// Too short, and the network fills with copies of what was only slow; too long, and a lost segment stops everything. Write `makeTimer(bounds)` by RFC 6298.
//
// - The first round trip `R` gives SRTT = R and RTTVAR = R/2. Each later one: RTTVAR = ¾ RTTVAR + ¼ |SRTT − R|, and *then* SRTT = ⅞ SRTT + ⅛ R.
// - `rtoMs` is SRTT + 4 RTTVAR, but at least `leastMs` and at most `mostMs`; before the first round trip it is `firstMs`.
// - `timeout()` doubles it. A segment that was sent more than once teaches nothing: which copy was acknowledged?
// %% id="retransmission-timer" tags=["exercise"]
// BEGIN SOLUTION
const makeTimer: TimerMaker = ({ firstMs, leastMs, mostMs }) => {
  let srtt = -1;
  let rttvar = 0;
  return {
    rtoMs: firstMs,
    acknowledged(rttMs, sentTimes) {
      if (sentTimes > 1) return;
      rttvar = srtt < 0 ? rttMs / 2 : 0.75 * rttvar + 0.25 * Math.abs(srtt - rttMs);
      srtt = srtt < 0 ? rttMs : 0.875 * srtt + 0.125 * rttMs;
      this.rtoMs = Math.min(Math.max(srtt + 4 * rttvar, leastMs), mostMs);
    },
    timeout() {
      this.rtoMs = Math.min(2 * this.rtoMs, mostMs);
    },
  };
};
// END SOLUTION
// BEGIN STARTER
// | const makeTimer: TimerMaker = ({ firstMs, leastMs, mostMs }) => {
// |   return {
// |     rtoMs: firstMs,
// |     acknowledged(rttMs, sentTimes) {}, // rttMs since it was sent last, sentTimes how often it was sent
// |     timeout() {}, // nobody answered in time
// |   };
// | };
// END STARTER

display(await check("41-tcp-in-user-space/retransmission-timer", makeTimer));
// %% [markdown]
// ## Exercise: events by the batch
//
// The stack of the first section told its application once what became of many frames. Write what stands between the two, as mTCP has it: the stack calls `notice` for each frame,
// the application calls `wait` when it has time, as `epoll_wait`.
//
// - `wait(most)` gives at most `most` entries `{ connection, events }`: who has waited longest first, each connection once, with everything that happened to it since it was told last.
// - `events` are bits, as in `STACK_EVENT`: readable 2, writable 4, ended 8. What does not fit into one batch waits for the next.
// - `forget(connection)`: it is gone, and its number may be given to another.
// %% id="event-batch" tags=["exercise"]
// BEGIN SOLUTION
const makeBatch: EventBatchMaker = () => {
  const waiting = new Map<number, number>(); // a Map keeps a key where it was first set
  return {
    notice(connection, events) {
      waiting.set(connection, (waiting.get(connection) ?? 0) | events);
    },
    wait(most) {
      const batch = [...waiting].slice(0, most).map(([connection, events]) => ({ connection, events }));
      for (const { connection } of batch) waiting.delete(connection);
      return batch;
    },
    forget(connection) {
      waiting.delete(connection);
    },
  };
};
// END SOLUTION
// BEGIN STARTER
// | const makeBatch: EventBatchMaker = () => {
// |   return {
// |     notice(connection, events) {}, // the stack: this happened to this connection
// |     wait(most) { return []; }, // the application: what is there to be told?
// |     forget(connection) {}, // it is gone
// |   };
// | };
// END STARTER

display(await check("41-tcp-in-user-space/event-batch", makeBatch));
// %% [markdown]
// ## Tear down, and what we now believe
//
// Every transfer ran in a process of its own, which removed its namespaces.
//
// - TCP in user space is possible (C20): ours and Linux's agree on every byte, over a wire that loses each 40th frame.
// - The ends repair what is lost, and SACK keeps the repair close to the loss; a timeout is the last resort.
// - An implementation is as good as its tests (C21): ten thousand random runs found what sixteen good transfers had not.
//
// Next: **42-sockets-as-a-library**, the same stack behind the calls that every program knows.
