// How much does TypeScript cost on an io_uring? Batches of reads through rings of our own, in TypeScript and in C, in turns; each has
// its own io_uring, since each remembers where its cursors stand.
import { noiseFloor, type PairedComparison, pairedComparison } from "../../stats/index.js";
import { kernels, openMemoryFile } from "../../sys/index.js";
import type { Context, Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { UringReader } from "../uring-reader.js";

/** Which batches, how often. */
export interface UringLanguagesParams {
  /** Reads in one batch, each 1 to 256. */
  readonly batches: readonly number[];
  /** 10 or more; ten others before them are thrown away. */
  readonly rounds: number;
}

/** One read of a batch in both languages. */
export interface UringLanguagePair {
  readonly batch: number;
  readonly typescript: Cost;
  readonly c: Cost;
  /** Rate of TypeScript over rate of C: 1 is a tie, below 1 TypeScript is slower. */
  readonly rateRatio: PairedComparison;
}

/** The figure that is guessed is the ratio of the largest batch. */
export interface UringLanguagesOutcome {
  readonly pairs: readonly UringLanguagePair[];
}

const READ_BYTES = 1024;
/** In the first ten rounds Node.js has not compiled the loop to the end yet (0.95 of C's rate against 0.975 later). */
const WARM_UP_ROUNDS = 10;
const TIE = { relation: ">", bound: 0.95 } as const;

function inTypeScript(reader: UringReader, batch: number): Variant {
  return {
    name: "TypeScript",
    operations: batch,
    batch(iterations) {
      const start = process.hrtime.bigint();
      for (let i = 0; i < iterations; i++) {
        if (!reader.read(batch)) throw new Error("Cannot time reads: one of them failed -> run it again");
      }
      return Number(process.hrtime.bigint() - start);
    },
  };
}

function inC(address: number, batch: number): Variant {
  return {
    name: "C",
    operations: batch,
    batch: (iterations) => kernels.uringRead(iterations, address, batch),
  };
}

async function run(
  { batches, rounds }: UringLanguagesParams,
  context: Context,
): Promise<UringLanguagesOutcome> {
  const file = openMemoryFile(READ_BYTES);
  context.onClose(() => file.close());
  const [typescript, c] = [new UringReader(file), new UringReader(file)];
  context.onClose(() => typescript.close());
  context.onClose(() => c.close());
  const variants: Record<string, Variant> = {};
  for (const batch of batches) {
    variants[`ts ${batch}`] = inTypeScript(typescript, batch);
    variants[`c ${batch}`] = inC(c.addressForC, batch);
    variants[`again ${batch}`] = inC(c.addressForC, batch);
  }
  const costs: Record<string, Cost> = await interleave(variants, rounds, context, WARM_UP_ROUNDS);
  return {
    pairs: batches.map((batch) => {
      const [ts, ours, again] = ["ts", "c", "again"].map((key) => costs[`${key} ${batch}`]!) as [
        Cost,
        Cost,
        Cost,
      ];
      const noise = noiseFloor(ours.samplesNs, again.samplesNs);
      return {
        batch,
        typescript: ts,
        c: ours,
        rateRatio: pairedComparison(ours.samplesNs, ts.samplesNs, noise, TIE),
      };
    }),
  };
}

const experiment: Experiment<UringLanguagesParams, UringLanguagesOutcome> = {
  name: "uring-languages",
  module: import.meta.url,
  question: "How fast are batches through an io_uring in TypeScript, against the same in C?",
  needs: ["quiet", "compiled"],
  unit: "×",
  defaults: { batches: [16, 64], rounds: 50 },
  unseen: ["requests that differ: here they are written once, and each batch only hands them over"],
  headline: ({ pairs }) => pairs.at(-1)!.rateRatio.medianRatio,
  run,
};
export default experiment;
