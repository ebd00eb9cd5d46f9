// Does the injector give all that the kernel can? The same program is run by a loop in C that does nothing but make the call,
// in turns with our injector; the frames meet native XDP_DROP on the same CPU. C may choose its batch size, we keep ours.
import { type Injection, Testbed, twoHosts } from "../../net/index.js";
import { median, noiseFloor, type PairedComparison, pairedComparison, shuffle } from "../../stats/index.js";
import { attachXdp, loadXdp } from "../../xdp/index.js";
import type { Experiment } from "../experiment.js";

export interface InjectorAgainstCParams {
  /** 10 or more. */
  readonly rounds: number;
}

export interface InjectorAgainstCOutcome {
  readonly typescriptPps: readonly number[];
  readonly cPps: readonly number[];
  /** Frames that C hands over at once: the fastest of those tried. */
  readonly batch: number;
  /** Frames handled a second, TypeScript over C. */
  readonly ratio: PairedComparison;
}

const ROUND_S = 0.1;
const CALLS = 8;
const BATCHES: readonly number[] = [32, 64, 128, 256];
const GOAL = { relation: ">", bound: 0.98 } as const;

const handledPps = ({ arrived, seconds }: Injection): number => arrived / seconds;

const experiment: Experiment<InjectorAgainstCParams, InjectorAgainstCOutcome> = {
  name: "injector-against-c",
  module: import.meta.url,
  question: "Is the injector as fast as a C program's?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { rounds: 20 },
  unseen: ["a C program that does something else than inject and drop"],
  headline: ({ ratio }) => ratio.medianRatio,
  async run({ rounds }, context) {
    const testbed = Testbed.create(twoHosts());
    context.onClose(() => testbed.close());
    attachXdp(testbed, "b", loadXdp("drop"));
    const injector = testbed.injector("a");
    const byC = (size: number): number => handledPps(injector.injectByC(CALLS, size));
    const byUs = async (): Promise<number> => {
      const load = { seconds: ROUND_S, ratePps: Number.POSITIVE_INFINITY, signal: context.signal };
      return handledPps(await injector.inject(Number.POSITIVE_INFINITY, load));
    };
    const tried = BATCHES.map((size) => [size, median([byC(size), byC(size), byC(size)])] as const);
    const [batch] = tried.reduce((best, next) => (next[1] > best[1] ? next : best));
    const samples = { typescript: [] as number[], c: [] as number[], again: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      for (const who of shuffle(["typescript", "c", "again"] as const, context.random)) {
        samples[who].push(who === "typescript" ? await byUs() : byC(batch));
        await context.breathe();
      }
      context.progress((round + 1) / rounds, `round ${round + 1} of ${rounds}`);
    }
    const ratio = pairedComparison(samples.typescript, samples.c, noiseFloor(samples.c, samples.again), GOAL);
    return { typescriptPps: samples.typescript, cPps: samples.c, batch, ratio };
  },
};
export default experiment;
