/**
 * measure: what does it cost on this machine, and how sure are we?
 *
 * Read `experiments/syscall-cost.ts` first: a whole experiment in one short file. Then `interleave.ts` (why variants take
 * turns), `gate.ts` (why a busy machine is refused), `run.ts` and `child.ts` (why it all runs in another process).
 * Notebook 11-what-a-syscall-costs uses most of it. Left out: judging a claim (`stats`) and drawing (`plot`).
 *
 * To add an experiment, write one file in `experiments/` whose default export is an `Experiment`: name, question, needs,
 * unit of the guess, defaults, and `run(params, context)`, which gives plain data. In `run`, register removals with
 * `context.onClose` before making a thing, and `await context.breathe()` at least every 50 ms, so that the stop button
 * works. Then give it a promise in `cells/`, in the file of its chapter; that is all.
 */
export * as measure from "./api.js";
export * as benchmarks from "./benchmarks.js";
export { type Comparison, comparePairs } from "./compare.js";
export { callsOfAConnection, serveByProgram } from "./connection-stand.js";
export { type CpuLoad, type CpuTicks, cpuLoads, parseCpuTicks, readCpuTicks } from "./cpu-load.js";
export { ECHO_PORT, echoByKernel, echoByLwip, echoByUs, type TcpEchoServer } from "./echo-servers.js";
export { type Environment, recordEnvironment } from "./environment.js";
export { exchangeCalls, exchangeWalks } from "./exchange-figures.js";
export type { Context, Experiment, Need } from "./experiment.js";
export type { AcceptCoresOutcome, AcceptCoresParams, AcceptCoresRow } from "./experiments/accept-cores.js";
export type { AcceptCheck, AcceptModelCheck, AcceptModelParams } from "./experiments/accept-model.js";
export type {
  AfXdpReceiveOutcome,
  AfXdpReceiveParams,
  CountedLoop,
} from "./experiments/af-xdp-receive.js";
export type { WrongQueueOutcome, WrongQueueParams } from "./experiments/af-xdp-wrong-queue.js";
export type { BakeOffOutcome, BakeOffParams, PathOutcome } from "./experiments/bake-off.js";
export type { BurstPoint, BurstSweepOutcome, BurstSweepParams } from "./experiments/burst-sweep.js";
export type { CacheCoherenceOutcome, CacheCoherenceParams } from "./experiments/cache-coherence.js";
export type {
  CacheLadderOutcome,
  CacheLadderParams,
  CopyStep,
  LadderStep,
} from "./experiments/cache-ladder.js";
export type {
  CallsPerMessageOutcome,
  CallsPerMessageParams,
  Saving,
} from "./experiments/calls-per-message.js";
export type { CompareKernelsParams } from "./experiments/compare-kernels.js";
export type {
  ComponentCostsOutcome,
  ComponentCostsParams,
} from "./experiments/component-costs.js";
export type {
  ConnectionCallsOutcome,
  ConnectionCallsParams,
  ConnectionCallsRow,
} from "./experiments/connection-calls.js";
export type {
  ConnectionLengthsOutcome,
  ConnectionLengthsParams,
  LengthPoint,
  LengthRate,
} from "./experiments/connection-lengths.js";
export type {
  ConnectionLoadOutcome,
  ConnectionLoadParams,
  ConnectionLoadPoint,
} from "./experiments/connection-load.js";
export type { ContextSwitchOutcome, ContextSwitchParams, WakeUpCosts } from "./experiments/context-switch.js";
export type { DeafEndOutcome, DeafEndParams, DeafEndRow } from "./experiments/deaf-end.js";
export type { DpdkPort, DpdkPortsOutcome, DpdkPortsParams } from "./experiments/dpdk-ports.js";
export type {
  DropBySourceOutcome,
  DropBySourceParams,
  DropWay,
  PacketSource,
} from "./experiments/drop-by-source.js";
export type { EchoCallsOutcome, EchoCallsParams, EchoRun } from "./experiments/echo-calls.js";
export type {
  CountedWay,
  ExceptionLessCallsOutcome,
  ExceptionLessCallsParams,
} from "./experiments/exception-less-calls.js";
export type {
  BatchPoint,
  CpuBill,
  ExceptionLessCostsOutcome,
  ExceptionLessCostsParams,
  ThreeWays,
} from "./experiments/exception-less-costs.js";
export type {
  Iperf3ExchangeOutcome,
  Iperf3ExchangeParams,
  Iperf3Side,
} from "./experiments/iperf3-exchange.js";
export type { LostOnVethOutcome, LostOnVethParams, WireTrial } from "./experiments/lost-on-veth.js";
export type {
  NetmapBatchOutcome,
  NetmapBatchParams,
  NetmapBatchPoint,
} from "./experiments/netmap-batch.js";
export type { NoiseFloorOutcome, NoiseFloorParams } from "./experiments/noise-floor.js";
export type { OffloadCost, OffloadCostsOutcome, OffloadCostsParams } from "./experiments/offload-costs.js";
export type {
  AtWork,
  PacketMmapEventsOutcome,
  PacketMmapEventsParams,
} from "./experiments/packet-mmap-events.js";
export type { PathSweepOutcome, PathSweepParams, SweepAxis, SweepPoint } from "./experiments/path-sweep.js";
export type {
  PayloadPoint,
  PayloadSweepOutcome,
  PayloadSweepParams,
} from "./experiments/payload-sweep.js";
export type { PollutionOutcome, PollutionParams, PollutionPoint } from "./experiments/pollution.js";
export type { QueueCallsOutcome, QueueCallsParams, QueueCallsRow } from "./experiments/queue-calls.js";
export type { QueueCostsOutcome, QueueCostsParams } from "./experiments/queue-costs.js";
export type {
  RdmaEventsOutcome,
  RdmaEventsParams,
  RdmaRefusal,
  RdmaWay,
} from "./experiments/rdma-events.js";
export type { RdmaTime, RdmaTimesOutcome, RdmaTimesParams } from "./experiments/rdma-times.js";
export type {
  RequestEvents,
  RequestEventsOutcome,
  RequestEventsParams,
} from "./experiments/request-events.js";
export type { RequestRate, RequestRatesOutcome, RequestRatesParams } from "./experiments/request-rates.js";
export type { Handover, RingHandoverOutcome, RingHandoverParams } from "./experiments/ring-handover.js";
export type { SharedLinesOutcome, SharedLinesParams } from "./experiments/shared-lines.js";
export { countSkbs, type SkbCountOutcome, type SkbCountParams } from "./experiments/skb-count.js";
export type { SkbLife, SkbLifetimeOutcome, SkbLifetimeParams } from "./experiments/skb-lifetime.js";
export type {
  ExchangeCall,
  ExchangeState,
  SocketExchangeOutcome,
  SocketExchangeParams,
} from "./experiments/socket-exchange.js";
export type {
  SharedWire,
  SocketLocksOutcome,
  SocketLocksParams,
  SocketLocksRow,
} from "./experiments/socket-locks.js";
export type {
  PassedFrames,
  StackEchoesOutcome,
  StackEchoesParams,
} from "./experiments/stack-echoes.js";
export type {
  StackPart,
  StackPartsOfSize,
  StackPartsOutcome,
  StackPartsParams,
} from "./experiments/stack-parts.js";
export type { SyscallCostOutcome, SyscallCostParams } from "./experiments/syscall-cost.js";
export type { TcpOnBadWireOutcome, TcpOnBadWireParams } from "./experiments/tcp-on-bad-wire.js";
export type { StreamOnWire, TcpUnderXdpOutcome, TcpUnderXdpParams } from "./experiments/tcp-under-xdp.js";
export type {
  VerdictCount,
  VerdictCountsOutcome,
  VerdictCountsParams,
} from "./experiments/verdict-counts.js";
export type {
  TimedVerdict,
  VerdictLatenciesOutcome,
  VerdictLatenciesParams,
  VerdictLatency,
} from "./experiments/verdict-latencies.js";
export type {
  StationName,
  VerdictRate,
  VerdictRatesOutcome,
  VerdictRatesParams,
} from "./experiments/verdict-rates.js";
export type {
  SentKind,
  VerdictsOnWireOutcome,
  VerdictsOnWireParams,
} from "./experiments/verdicts-on-wire.js";
export { busyReason, GATE_LIMITS, type GateLimits, type GateReading, passGate } from "./gate.js";
export { ifPossible } from "./if-possible.js";
export { type Cost, interleave, type Variant } from "./interleave.js";
export type { Progress, RunFacts } from "./messages.js";
export { choosePaths, type PathMissing } from "./path-choice.js";
export type { BelowLimit, Latency, LatencyAt } from "./path-latency.js";
export type { PathLoad } from "./path-load.js";
export type { RoundTally } from "./path-rounds.js";
export { openWhatOpens } from "./path-stages.js";
export type { TurnTally } from "./path-turns.js";
export { type Guess, type GuessJudgement, guessIn, judgeGuess, noGuess, predict } from "./predict.js";
export { type ProgressLine, progressText, showProgressWith } from "./progress.js";
export { type PublishedSeries, publishedSeries } from "./published-series.js";
export type { QueueWay } from "./queue-ways.js";
export { compareRecordings, type RecordingComparison, type SideBySide } from "./record/compare.js";
export {
  formatRecording,
  makeRecording,
  mergeRecordings,
  parseRecording,
  type Recording,
} from "./record/recording.js";
export {
  type FoundResult,
  findRecorded,
  listRecordings,
  OWN_RECORDINGS,
  readRecording,
  SHIPPED_RECORDINGS,
  type StoredRecording,
} from "./record/store.js";
export {
  environmentProvenance,
  type MeasuredResult,
  measuredWhere,
  type NoResult,
  outcomeOf,
  provenance,
  type RecordedFrom,
  type Result,
  type ResultProvenance,
  sharedProvenance,
  type WhyNot,
} from "./result.js";
export { type Options, type RunOptions, runExperiment } from "./run.js";
export { RESULTS_FOLDER, RESULTS_VARIABLE, saveResult } from "./save.js";
export type { SeenAck, SentSegment, StateChange } from "./segment-notes.js";
export type { SkbProgram } from "./skb-paths.js";
export { TURNS_VARIABLE, takeTurn } from "./turn.js";
export { type Shown, whenMeasured } from "./when-measured.js";
