// Exercises of notebook 52-the-veth-trap.
export { type FairTest, type FairVerdict, fairTest } from "./52-the-veth-trap/fair-test.js";
export type { BenchRun, TestBench } from "./52-the-veth-trap/model-bench.js";
