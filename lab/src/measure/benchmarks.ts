// Experiments on the lab itself, for `npm run bench`: is what we measure with good enough to measure with?
export {
  type AfXdpLoopsOutcome,
  default as afXdpLoops,
  type LanguagePair,
} from "./experiments/af-xdp-loops.js";
export { default as injectorRate, type InjectorRateOutcome } from "./experiments/injector-rate.js";
export {
  default as syscallAgainstPerf,
  type SyscallAgainstPerfOutcome,
} from "./experiments/syscall-against-perf.js";
