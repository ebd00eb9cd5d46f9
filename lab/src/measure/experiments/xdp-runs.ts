// What does it cost to run a program as a function? In the lab's own machine, through the kernel with a call for each packet
// of a capture, and within the kernel, where one call repeats the program.
import { Machine, readBytecode, runMachine } from "../../bpf/index.js";
import { buildFrame } from "../../packet/index.js";
import { TestRun } from "../../sys/index.js";
import { loadXdp, runOnCapture } from "../../xdp/index.js";
import type { Experiment } from "../experiment.js";

/** How often to measure. */
export interface XdpRunsParams {
  /** 10 or more. */
  readonly rounds: number;
}

/** One figure a round each. */
export interface XdpRunsOutcome {
  /** Instructions a second of the lab's machine. */
  readonly instructionsPerSecond: readonly number[];
  /** `runOnCapture`: ns a packet, with a call for each. */
  readonly captureNs: readonly number[];
  /** One call that repeats the program: ns a run, as the kernel measured it, in whole ns. */
  readonly repeatNs: readonly number[];
}

const PACKETS = 2000;
const REPEATS = 1_000_000;
const frame = buildFrame({
  ethernet: { source: "02:00:00:00:00:0a", destination: "02:00:00:00:00:0b" },
  ipv4: { source: "10.0.0.1", destination: "10.0.0.2" },
  udp: { sourcePort: 5000, destinationPort: 7 },
  padTo: 60,
});

const experiment: Experiment<XdpRunsParams, XdpRunsOutcome> = {
  name: "xdp-runs",
  module: import.meta.url,
  question: "What does a run of a program cost as a function?",
  needs: ["quiet", "root"],
  unit: "ns",
  defaults: { rounds: 20 },
  unseen: ["a program of more than a few dozen instructions"],
  headline: ({ captureNs }) => captureNs[0] ?? 0,
  async run({ rounds }, context) {
    const program = loadXdp("tx");
    context.onClose(() => program.close());
    const bytecode = readBytecode(program.object.elf);
    const run = new TestRun(program.program.fd, frame);
    context.onClose(() => run.close());
    const packets = Array.from({ length: PACKETS }, () => frame);
    const outcome = {
      instructionsPerSecond: [] as number[],
      captureNs: [] as number[],
      repeatNs: [] as number[],
    };
    // The first round warms up and is thrown away.
    for (let round = 0; round <= rounds; round++) {
      const machine = timed(() => packets.reduce((steps, packet) => steps + stepsOf(bytecode, packet), 0));
      const capture = timed(() => runOnCapture(program, packets));
      const { durationNs } = run.run(REPEATS);
      context.progress(round / rounds, `round ${round} of ${rounds}`);
      if (round === 0) continue;
      outcome.instructionsPerSecond.push((machine.result / machine.ms) * 1e3);
      outcome.captureNs.push((capture.ms * 1e6) / PACKETS);
      outcome.repeatNs.push(durationNs);
    }
    return outcome;
  },
};
export default experiment;

function stepsOf(bytecode: ReturnType<typeof readBytecode>, packet: Uint8Array): number {
  const machine = new Machine(bytecode, packet);
  runMachine(machine);
  return machine.steps;
}

function timed<T>(work: () => T): { readonly result: T; readonly ms: number } {
  const startMs = performance.now();
  const result = work();
  return { result, ms: performance.now() - startMs };
}
