// Experiments on the lab itself, for `npm run bench`: is what we measure with good enough to measure with?
export {
  type AcceptRate,
  type AcceptRatesOutcome,
  type AcceptRatesParams,
  default as acceptRates,
} from "./experiments/accept-rates.js";
export {
  type AfXdpLoopsOutcome,
  type AfXdpLoopsParams,
  default as afXdpLoops,
  type LanguagePair,
} from "./experiments/af-xdp-loops.js";
export {
  type AtRate,
  default as fixedRates,
  type FixedRatesOutcome,
  type FixedRatesParams,
  type PathAtRates,
} from "./experiments/fixed-rates.js";
export {
  default as injectorAgainstC,
  type InjectorAgainstCOutcome,
  type InjectorAgainstCParams,
} from "./experiments/injector-against-c.js";
export {
  default as injectorRate,
  type InjectorRateOutcome,
  type InjectorRateParams,
} from "./experiments/injector-rate.js";
export {
  default as pathLanguages,
  type PathLanguagesOutcome,
  type PathLanguagesParams,
  type PathPair,
} from "./experiments/path-languages.js";
export {
  default as pollGaps,
  type Gaps,
  type PollGapsOutcome,
  type PollGapsParams,
} from "./experiments/poll-gaps.js";
export { default as requestRates } from "./experiments/request-rates.js";
export {
  default as sendLanguages,
  type SendCost,
  type SendLanguagesOutcome,
  type SendLanguagesParams,
  type SendPair,
} from "./experiments/send-languages.js";
export {
  default as sendPaths,
  type SendPathOutcome,
  type SendPathsOutcome,
  type SendPathsParams,
} from "./experiments/send-paths.js";
export { default as stackParts } from "./experiments/stack-parts.js";
export {
  type AgainstPerf,
  default as syscallAgainstPerf,
  type SyscallAgainstPerfOutcome,
  type SyscallAgainstPerfParams,
} from "./experiments/syscall-against-perf.js";
export {
  default as tcpGoodput,
  type TcpGoodputOutcome,
  type TcpGoodputParams,
} from "./experiments/tcp-goodput.js";
export {
  default as tcpRequests,
  type TcpJob,
  type TcpRequestsOutcome,
  type TcpRequestsParams,
} from "./experiments/tcp-requests.js";
export {
  default as udpEcho,
  type EchoQuantile,
  type EchoTimes,
  type UdpEchoOutcome,
  type UdpEchoParams,
} from "./experiments/udp-echo.js";
export {
  default as uringLanguages,
  type UringLanguagePair,
  type UringLanguagesOutcome,
  type UringLanguagesParams,
} from "./experiments/uring-languages.js";
export { default as xdpRuns, type XdpRunsOutcome, type XdpRunsParams } from "./experiments/xdp-runs.js";
