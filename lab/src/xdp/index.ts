/**
 * xdp: how does a program meet packets before the stack does, and what does it answer?
 *
 * Read `verdict.ts`, `run.ts` (a program as a function), `cases.ts` (what it should do, a packet a row), `program.ts` (attached for real) and `template.ts` (C in a cell,
 * with its maps), then `socket.ts` (packets in our own memory), then `station.ts` (every verdict with what lies behind it);
 * notebooks 33, 50 and 51 use it. Left out: explaining a refusal (`bpf`), making load (`net`), sockets that share a umem,
 * packets in several frames.
 */
export type { XdpMode } from "../sys/index.js";
export { type CText, cText } from "./c-text.js";
export { type CaseTableOptions, caseTable } from "./case-table.js";
export { type CaseResult, type ProgramCase, runCases } from "./cases.js";
export { CompileError, compileXdp } from "./compile.js";
export { courseCapture } from "./course-capture.js";
export { COURSE_PROGRAMS, courseProgram } from "./course-program.js";
export { openCpuQueue } from "./cpu-queue.js";
export { listingTable } from "./listing.js";
export { describeChange, type ExpectedChange, type MapChange } from "./map-changes.js";
export { describeForC, NATIVE_TX_FRAMES } from "./native-rings.js";
export { observeRings, type SeenRing, type SeenSocket } from "./observe-rings.js";
export { openXdpSocket, openXdpSocketOn } from "./open-socket.js";
export { type PacketNumbers, type PacketSchedule, PacketTimes } from "./packet-times.js";
export {
  attachXdp,
  attachXdpHere,
  loadCounter,
  loadText,
  loadXdp,
  loadXdpText,
  type Tally,
  verdictCounts,
  type XdpProgram,
} from "./program.js";
export type { QueueThread } from "./queue-thread.js";
export { openReceiver, type XdpReceiver, type XdpReceiverSpec } from "./receiver.js";
export {
  isRunnable,
  LONGEST_RUN_BYTES,
  type ProgramRun,
  runOnCapture,
  runProgram,
  SHORTEST_RUN_BYTES,
} from "./run.js";
export {
  type CounterMap,
  explainSilence,
  type QueueCount,
  readQueueCounts,
  type SilenceFacts,
} from "./silence.js";
export { readXskStatistics, type SocketMap, XdpSocket, type XdpSocketSpec } from "./socket.js";
export {
  openStation,
  type Station,
  type StationCount,
  type StationSpec,
  type TimedStationCount,
} from "./station.js";
export { ENDINGS, type Ending, type EndRequest, type PacketLoss, type StationEnd } from "./station-end.js";
export { openEnd, STRAYED } from "./station-ends.js";
export { bpf, type CellObject, type CellProgram, type CellRun, xdp } from "./template.js";
export { type TrialStatus, tryXdp, type XdpTrial } from "./try.js";
export { TypedMap, typeMap } from "./typed-map.js";
export { VERDICTS, verdictName, type XdpVerdict } from "./verdict.js";
export {
  countPassed,
  type KindTally,
  tallyByKind,
  verdictStrip,
  verdictTable,
} from "./verdict-table.js";
export type { BindMode, BindRequest } from "./xsk-bind.js";
export type { BusyPollSpec } from "./xsk-calls.js";
