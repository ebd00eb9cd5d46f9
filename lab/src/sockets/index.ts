/**
 * sockets: what is left of the socket interface when the kernel is gone? POSIX's calls and POSIX's errors as a library on the lab's
 * own stack, and the same interface over Linux's sockets, so that one program runs on either.
 *
 * Read `api.ts` first (the calls), then `stack-sockets.ts` (a table of descriptors on a stack) and `stack-stream.ts`; `conformance`
 * holds the sentences that both must keep, `wait.ts` the blocking and the asynchronous style, `node-net.ts` what Node.js's own servers take, `iperf3.ts` a server for `iperf3 -c`. Notebook 42-sockets-as-a-library stands on it. **Left out: IPv6, out-of-band data,
 * ancillary data, half of the options, fork and exec, signals; and everything that `stack` leaves out.**
 */
export {
  type Accepted,
  POLL,
  type PollEntry,
  posixError,
  type Received,
  type SocketAddress,
  type SocketDescriptor,
  type SocketKind,
  type SocketOption,
  type Sockets,
} from "./api.js";
export {
  type End,
  judgeSentence,
  Room,
  type Sentence,
  sentences,
  type Verdict as SentenceVerdict,
  type World,
} from "./conformance/index.js";
export { DatagramEcho } from "./echo.js";
export { type Iperf3Report, Iperf3Server } from "./iperf3.js";
export { KernelSockets } from "./kernel-sockets.js";
export { type LiveWorld, liveWorld } from "./live-world.js";
export { StreamServer, StreamSocket } from "./node-net.js";
export { type Pump, StackSockets } from "./stack-sockets.js";
export { AsyncSockets, BlockingSockets } from "./wait.js";
export { kernelWorld, modelWorld } from "./worlds.js";
