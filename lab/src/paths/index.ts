/**
 * paths: by which ways can a packet reach a program, and what does each of them cost under the same load?
 *
 * Read `path.ts` (the interface), one path, e.g. `xdp-need-wakeup.ts`, then `stage.ts` (the harness) and `consumer.ts` (the
 * thread that is measured); the other direction is in `send/`, from `sender.ts` on. Notebook 60-bake-off compares them all. Left out: judging a difference (`measure`), TCP,
 * hardware queues.
 */
export { type Availability, describeMissing, pathsAvailable, sendPathsAvailable } from "./availability.js";
export { pathOf, paths } from "./catalogue.js";
export type { Language } from "./consumer-talk.js";
export { ConsumerThread } from "./consumer-thread.js";
export { countEvents, countEventsUnderLoad, type Events } from "./events.js";
export type { FarEnd, FarReport } from "./far-end.js";
export { flowControl } from "./flow-control.js";
export { addressOfEnd, LONGEST_FRAME_BYTES, SHORTEST_FRAME_BYTES } from "./load.js";
export { IMIX_FRAME_BYTES } from "./mix.js";
export type {
  Elsewhere,
  ElsewherePath,
  EventPath,
  EventReceiver,
  HelperThread,
  HopCount,
  Path,
  PathName,
  PathOptions,
  Place,
  Receiver,
  Site,
  ThreadPath,
} from "./path.js";
export { cpuNsPerPacket, type Load, type Run } from "./run.js";
export { type FoundRate, findRate, NDR, PDR, type SearchSpec, type Trial } from "./search.js";
export { sendPathOf, sendPaths } from "./send/catalogue.js";
export { countSendEvents, type SendEvents } from "./send/send-events.js";
export type { SendLoad, SendRun, SendStageSpec } from "./send/send-run.js";
export { SendStage } from "./send/send-stage.js";
export type { Sender, SendOptions, SendPath, SendPathName, SendPlace } from "./send/sender.js";
export { SentFrames } from "./send/sent-frames.js";
export type { Taken, Touch } from "./sink.js";
export { bufferDrops, setReceiveBuffer } from "./socket-queue.js";
export { type Cpus, chooseCpus, DEFAULT_OPTIONS, Stage, type StageSpec } from "./stage.js";
export { timedUntil } from "./timed-until.js";
