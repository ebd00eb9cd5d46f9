// %% [markdown]
// # POSIX sockets
//
// **Question:** what does a program ask of the kernel to send one question and get one answer?
//
// **Minutes:** 20 to read and think, a few seconds to run.
//
// **Needs:** Linux and root (T1): the notebook makes two network namespaces with a wire between them and writes down calls with the
// kernel's tracepoints. It touches no interface of yours. Nothing here is timed, so it needs no quiet machine.
//
// **Mode:** live. Without root the cells say what is missing, and show no figure.
// %%
import {
  accept, AF_INET, bind, callsFigure, check, close, connect, display, type EchoServer, exchangeCalls,
  exchangeWalks, getSocketName, htmlTable, ipv4SocketAddress, lineFigure, listen, measure, predict, predictionFigure,
  SOCK_STREAM, socket, SocketMessage, tcpStatesFigure, whenMeasured,
} from "ringside";
// %% [markdown]
// ## Claim
//
// > **C05.** A socket is a flow behind a file descriptor: socket, bind, listen, accept, sendmsg, recvmsg.
// >
// > **C06.** Control plane and data plane operations are both system calls.
//
// From Enberg's article on kernel-bypass networking (2018). The *control plane* sets a flow up and takes it down, the *data plane*
// moves bytes. Both could be false: a library might do the naming and the waiting by itself, and memory shared with the kernel
// might carry the bytes. (Much of this course is about systems where it does.)
//
// ## Six calls by hand
//
// Each function below is one system call and nothing else. Client and server are one thread here; that works because the kernel
// keeps what was sent until somebody asks for it.
// %%
function byHand(text: string): [string, string, string | number][] {
  const listener = socket(AF_INET, SOCK_STREAM, 0);
  bind(listener, ipv4SocketAddress("127.0.0.1", 0), "any free port");
  listen(listener, 1);
  const client = socket(AF_INET, SOCK_STREAM, 0);
  connect(client, getSocketName(listener), "the listening socket");
  const served = accept(listener);
  const message = new SocketMessage(64);
  message.bytes.set(new TextEncoder().encode(text));
  const sent = message.send(client, text.length);
  message.bytes.fill(0);
  const got = message.receive(served) ?? 0;
  const heard = new TextDecoder().decode(message.bytes.slice(0, got));
  for (const fd of [client, served, listener]) close(fd);
  message.close();
  return [
    ["server", "socket, bind, listen", `descriptor ${listener}, on which nobody can send a byte`],
    ["client", "socket, connect", `descriptor ${client}: one end of a flow`],
    ["server", "accept", `descriptor ${served}: the other end`],
    ["client", "sendmsg", `${sent} bytes taken`],
    ["server", "recvmsg", `${got} bytes: "${heard}"`],
  ];
}
display(
  htmlTable([{ name: "who" }, { name: "calls" }, { name: "what the kernel answered" }], byHand("who is there?"), {
    title: "A connection over the loopback interface",
  }),
);
// %% [markdown]
// A *file descriptor* is a small number, an index into a table that the kernel keeps for the process. Behind it may be a file, a pipe or,
// as here, a flow: two addresses, two ports and all that TCP remembers of them.
//
// ## Predict
//
// Now between two hosts. The server opens a port; the client asks one question of 32 bytes, the server answers with the same bytes,
// and both close everything. **How many system calls is that, both sides together?** First over TCP, then over UDP, where each
// end names the other once.
// %%
const tcpGuess = predict(6, "calls");
const udpGuess = predict(4, "calls");
// %% [markdown]
// ## Measure
//
// Two tracepoints, `raw_syscalls:sys_enter` and `sys_exit`, see every call of the playing thread with its result. A third,
// `sock:inet_sock_set_state`, fires whenever a TCP socket changes its state. A BPF program writes all of them down in order.
// %%
const tcp = await measure.socketExchange({ protocol: "TCP", guess: tcpGuess });
const udp = await measure.socketExchange({ protocol: "UDP", guess: udpGuess });
for (const result of [tcp, udp]) {
  console.log(result.status === "ok" ? result.guess.text : `No figure: ${result.reason} -> ${result.next}`);
}
// %% [markdown]
// ## Plot
// %%
display(
  whenMeasured(tcp, (outcome, provenance) =>
    callsFigure({
      title: "One question and its answer over TCP, call by call",
      note: "time goes down; arrows are messages; green is what the kernel made of the socket before the next call",
      provenance,
      left: "client",
      right: "server",
      calls: exchangeCalls(outcome),
    }),
  ),
);
display(
  whenMeasured(udp, (outcome, provenance) =>
    callsFigure({
      title: "The same over UDP",
      note: "no states: UDP has no connection; connect and bind only write addresses down",
      provenance,
      left: "client",
      right: "server",
      calls: exchangeCalls(outcome),
    }),
  ),
);
// %% [markdown]
// ## Explain
//
// Look at where green stands beside no call of its own side. The client's `connect` moved the *server's* socket as well: the kernel took the
// whole handshake before the server had called `accept`. And the last moves of the client's socket come after the
// client has closed it. So the connection lives in the kernel; a descriptor is only a handle on it.
//
// The server's `recvmsg` that brought **0** bytes is how TCP says that the other side has closed. UDP says nothing: its server would
// wait for ever.
//
// ## The state machine, drawn from the trace
//
// The same events once more, laid over the rules. Grey arrows are the moves that RFC 9293 allows; coloured ones happened a
// moment ago, numbered in the order of time.
// %%
display(
  whenMeasured(tcp, (outcome, provenance) =>
    tcpStatesFigure({
      title: "TCP's states, and the way of each socket of this exchange",
      note: "grey: RFC 9293, figure 5; coloured: seen at sock:inet_sock_set_state",
      provenance,
      walks: exchangeWalks(outcome),
    }),
  ),
);
// %% [markdown]
// One arrow seems to break the rules: *FIN-WAIT-2 to CLOSE*. The client's connection does go through TIME-WAIT, but the kernel keeps that state in a
// smaller object (`tcp_time_wait` in `net/ipv4/tcp_minisocks.c`) and lets the big socket go at once, so the tracepoint, which watches big
// sockets, sees its end only. The server's socket begins at LISTEN, since it was made in the listening socket's image.
//
// ## Predict: one more question
//
// A connection is made once and used for long. How many calls do **ten** questions take over one TCP connection?
// %%
const tenGuess = predict([30, 140], "calls");
// %%
const COUNTS = [1, 2, 5, 10];
async function sweep(protocol: "TCP" | "UDP") {
  const results = [];
  for (const questions of COUNTS) {
    results.push(await measure.socketExchange({ protocol, questions, guess: tenGuess, onProgress: () => undefined }));
  }
  return results;
}
const overTcp = await sweep("TCP");
const overUdp = await sweep("UDP");
const ten = overTcp.at(-1)!;
display(
  whenMeasured(ten, ({ calls }, provenance) =>
    predictionFigure({
      title: "Calls of ten questions over one TCP connection",
      provenance,
      axis: { label: "system calls, both sides", unit: "", scale: "linear" },
      predictions: [{ name: "ten questions", guess: tenGuess, measured: calls.length }],
    }),
  ),
);
// %%
const points = (results: typeof overTcp, plane: "control" | "data") =>
  results.flatMap((result) =>
    result.status === "ok" ? [{ x: result.outcome.questions, y: result.outcome[plane] }] : [],
  );
display(
  whenMeasured(ten, (_, provenance) =>
    lineFigure({
      title: "System calls by plane, against questions over one connection",
      note: "exact counts; data calls of TCP and UDP are the same, so one line hides the other",
      provenance,
      x: { label: "questions, each with its answer", unit: "" },
      y: { label: "system calls, both sides", unit: "" },
      series: [
        { name: "TCP data", points: points(overTcp, "data") },
        { name: "UDP data", points: points(overUdp, "data") },
        { name: "TCP control", points: points(overTcp, "control") },
        { name: "UDP control", points: points(overUdp, "control") },
      ],
    }),
  ),
);
function sayPlanes(): string {
  const last = (results: typeof overTcp) => results.at(-1)!;
  return [last(overTcp), last(overUdp)]
    .map((result) => {
      if (result.status !== "ok") return `No figure: ${result.reason} -> ${result.next}`;
      const { protocol, questions, control, data } = result.outcome;
      const each = data / questions;
      return `${protocol}, ${questions} questions: ${control} control calls, ${data} data calls, ${each} a question.`;
    })
    .join("\n");
}
console.log(sayPlanes());
// %% [markdown]
// C05 and C06 hold here: all six calls were seen, `socket` and `accept4` gave descriptors that the others took, and not a byte moved
// without a call. What matters for the rest of the course is the slope. The control plane is paid once a connection; the data plane costs **four calls a question, two at
// each end**, whatever the protocol. That is a lower limit: each call was made when its answer was there already. A
// program that asks first whether it would have to wait (`poll`, `epoll_wait`) pays one more at each end.
//
// **What it does not show.** What a call *costs* is the matter of notebook 11. That the exchange above never slept is our play's doing: real
// programs sleep in `recvmsg`, and being woken is dearer than any call (11 measures that, too). And what moved between the hosts, packets and
// acknowledgements, is not in these counts: notebook 20 looks at those.
//
// ## Exercise: an echo server within a budget
//
// Write `echoServer(calls, listener)`. A client has connected already. Take its connection, answer each question with its own bytes, and close the
// connection when the client has closed its end. Questions have up to 8192 bytes, and the client asks the next one when it has the whole
// answer to the last. You may spend **one accept, one recvmsg and one sendmsg a question, one recvmsg more, and one close**:
// the check counts with the kernel's tracepoint. The starter answers correctly; it only asks too much.
// %% id="echo-within-budget" tags=["exercise"]
// BEGIN SOLUTION
const echoServer: EchoServer = (calls, listener) => {
  const fd = calls.accept(listener);
  const bytes = new Uint8Array(8192);
  for (let got = calls.recvmsg(fd, bytes); got > 0; got = calls.recvmsg(fd, bytes)) {
    calls.sendmsg(fd, bytes.subarray(0, got));
  }
  calls.close(fd);
};
// END SOLUTION
// BEGIN STARTER
// | const echoServer: EchoServer = (calls, listener) => {
// |   const fd = calls.accept(listener);
// |   const bytes = new Uint8Array(64);
// |   while (calls.poll(fd)) {
// |     const got = calls.recvmsg(fd, bytes);
// |     if (got === 0) break; // the client has closed
// |     calls.sendmsg(fd, bytes.subarray(0, got));
// |   }
// |   calls.close(fd);
// | };
// END STARTER

display(await check("10-posix-sockets/echo-within-budget", echoServer));
// %% [markdown]
// ## Tear down, and what we now believe
//
// Nothing is left to tear down: the first cell closed its sockets, and each exchange ran in a testbed of its own, which is gone.
//
// - A socket is a handle on something that lives in the kernel and moves on without us (C05).
// - Setting up and moving bytes are both system calls (C06): the first are paid once a connection, the others for each message.
// - Two calls a message and end are the least that this interface allows. Fewer need another interface: batches (12, 13) or shared memory (33).
//
// Next: **11-what-a-syscall-costs**, the price of each of these calls.
