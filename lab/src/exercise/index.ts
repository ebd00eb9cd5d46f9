/**
 * exercise: checks what a learner wrote, and says what went wrong and where to look.
 * Read `types.ts` first (what an exercise is), then `check.ts`; every notebook's last part uses it.
 * `guard.ts` says how code that never ends is stopped. It leaves out where attempts are kept (`progress`), and code that takes
 * the whole process along, by memory without end or a signal: the notebook's kernel then starts again, and no attempt is lost.
 * It leaves out, too, a loop in an async function that a plain one calls: the kernel must be restarted.
 */
export { check } from "./check.js";
export {
  type FaultRepair,
  type MachineReport,
  readYourReport,
  repairAFault,
} from "./course/00-start-here.js";
export { type TrendJudge, type TrendJudgement, twoRates } from "./course/01-faster-than-the-cpu.js";
export {
  cacheMissesAt200G,
  derive1538,
  type MissCounter,
  type WireDerivation,
  type WirePicture,
} from "./course/02-packet-budgets.js";
export { type EchoServer, echoWithinBudget, type ServerCalls } from "./course/10-posix-sockets.js";
export { halveTheCalls, type Message, type SendAll } from "./course/11-what-a-syscall-costs.js";
export {
  type EntryStatus,
  type PageClient,
  type PageClientMaker,
  type SyscallPage,
  syscallPage,
} from "./course/12-exception-less-syscalls.js";
export {
  type CallCost,
  type CallCosts,
  type Channel,
  type ChannelCommand,
  type ChannelCompletion,
  type ChannelKernel,
  type ChannelMaker,
  callsByHand,
  channel,
} from "./course/13-batching-and-partitioning.js";
export { type StealRule, selector, stealRuleExercise } from "./course/14-sockets-and-cores.js";
export {
  type CountedProgram,
  type FindImmortal,
  neverDies,
  predictTheCounts,
  type SkbFate,
  type SkbFatePredictions,
  type SkbTraceEvent,
} from "./course/20-one-skb-per-packet.js";
export {
  type Access,
  type QueueCode,
  type QueueMaker,
  type SharedAccess,
  type SharedMemory,
  type SharedWord,
  withoutALock,
} from "./course/21-locks-and-shared-buffers.js";
export { type Classifier, classify, type PlaceOfWork, type SystemFacts } from "./course/30-map-of-bypass.js";
export {
  type BareRing,
  type BrokenRingName,
  type BugProofs,
  brokenRings,
  findTheBug,
  type HandmadeRing,
  type RingMaker,
  type RingRun,
  type RunTrace,
  runRing,
  writeARing,
} from "./course/31-rings-from-scratch.js";
export { type BlockParser, type ParsedPacket, parseABlock } from "./course/32-packet-mmap.js";
export {
  answerPing,
  type FramePicture,
  findTheLeak,
  type LeakFinder,
  type PingAnswerer,
  type PingRun,
  type PingSocket,
  pingThrough,
  type ReceiveLoop,
  receiveLoop,
} from "./course/33-af-xdp.js";
export {
  type LendingReceiver,
  lendingReceiver,
  type ZeroCopySwap,
  zeroCopySwap,
} from "./course/34-netmap.js";
export {
  type BurstLoop,
  burstLoop,
  type Mempool,
  type MempoolMaker,
  mempool,
  type RxPort,
  type TxPort,
} from "./course/35-dpdk.js";
export { type AccessGuard, accessGuard, type RemoteAccess, type SharedRegion } from "./course/36-rdma.js";
export {
  type ArpAnswerer,
  type ArpSelf,
  answerArp,
  type ChecksumFunction,
  writeTheChecksum,
} from "./course/40-a-stack-in-user-space.js";
export {
  type ConnectionEvents,
  type EventBatch,
  type EventBatchMaker,
  eventBatch,
  type RetransmissionTimer,
  retransmissionTimer,
  type TimerBounds,
  type TimerMaker,
} from "./course/41-tcp-in-user-space.js";
export {
  type DatagramRing,
  type DatagramSockets,
  type DatagramSocketsMaker,
  datagramSockets,
  type RingDatagram,
} from "./course/42-sockets-as-a-library.js";
export {
  passBehindATag,
  passIpv4Only,
  passUdpOverIpv6,
  proveTheBounds,
} from "./course/50-the-articles-program.js";
export { quota } from "./course/51-verdicts.js";
export {
  type BenchRun,
  type FairTest,
  type FairVerdict,
  fairTest,
  type TestBench,
} from "./course/52-the-veth-trap.js";
export {
  answerGet,
  keepItTrue,
  type RequestCache,
  type RequestHandler,
  type RequestServer,
  type StoreRequest,
  type VersionedValue,
} from "./course/53-requests-in-xdp.js";
export {
  type CardBudget,
  type OffloadCandidate,
  type OffloadChooser,
  underABudget,
} from "./course/54-smartnic.js";
export {
  type BakeOffRow,
  type RateClaim,
  type RateJudge,
  type RateVerdict,
  yourVerdict,
} from "./course/60-bake-off.js";
export { exercises, findExercise } from "./course/index.js";
export { chooseHint, forgetFailures } from "./hints.js";
export { CHECK_TYPE, CheckReport, type CheckResult } from "./report.js";
export {
  type Exercise,
  mismatch,
  type Outcome,
  type Scenario,
  type Step,
  saw,
  scenario,
  stepCount,
  type WrongAnswer,
} from "./types.js";
export { describeAnswer, describeThrown, describeValue, isPromise } from "./values.js";
export { type RingCall, type Violation, Watch, watchSocket } from "./watch.js";
