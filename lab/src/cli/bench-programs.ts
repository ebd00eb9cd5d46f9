// What it takes to run an XDP program as a function.
import { type Figure, figureOf, type Missing, measured } from "./bench-report.js";

export async function runFigures(): Promise<(Figure | Missing)[]> {
  const { benchmarks } = await import("../measure/index.js");
  return measured("XDP as a function", benchmarks.xdpRuns, async (outcome) => [
    await figureOf(
      "the lab's eBPF machine",
      outcome.instructionsPerSecond.map((each) => each / 1e6),
      "M instr/s",
    ),
    await figureOf("runOnCapture, a call for each packet", outcome.captureNs, "ns/packet"),
    await figureOf("the same program repeated by the kernel", outcome.repeatNs, "ns/run"),
  ]);
}
