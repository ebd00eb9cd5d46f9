// Experiments on the lab itself, for `npm run bench`: is what we measure with good enough to measure with?
export {
  type AfXdpLoopsOutcome,
  default as afXdpLoops,
  type LanguagePair,
} from "./experiments/af-xdp-loops.js";
export {
  default as injectorAgainstC,
  type InjectorAgainstCOutcome,
} from "./experiments/injector-against-c.js";
export { default as injectorRate, type InjectorRateOutcome } from "./experiments/injector-rate.js";
export {
  default as pathLanguages,
  type PathLanguagesOutcome,
  type PathPair,
} from "./experiments/path-languages.js";
export { default as pollGaps, type Gaps, type PollGapsOutcome } from "./experiments/poll-gaps.js";
export {
  default as syscallAgainstPerf,
  type SyscallAgainstPerfOutcome,
} from "./experiments/syscall-against-perf.js";
