// What the harness and its consuming thread say to each other, as plain data: what the thread is started with, and what it reports.
import type { Bucket } from "../stats/index.js";
import type { HopCount, PathName, PathOptions, Place } from "./path.js";
import type { Taken, Touch } from "./sink.js";

export type Language = "typescript" | "c";

/** What a consumer is started with. */
export interface ConsumerSpec {
  readonly path: PathName;
  readonly place: Place;
  readonly options: PathOptions;
  readonly namespace: string;
  readonly cpu: number;
  /** Whether the injector runs on that CPU, too: then whoever has to wait sleeps. */
  readonly sharesCpu: boolean;
  readonly touch: Touch;
  /** Whose loop receives: ours, or its twin in C. */
  readonly language: Language;
  /** Whether packets have due times: then latencies are kept. */
  readonly paced: boolean;
  readonly control: SharedArrayBuffer;
  /** Where it writes down what it holds, for whoever must give that back when it was ended by force. */
  readonly holdings: SharedArrayBuffer;
}

/** The same without the memory that both threads see. */
export type ConsumerTask = Omit<ConsumerSpec, "control" | "holdings">;

/** What it says: that it is ready, and after each run what it took. */
export type ConsumerMessage =
  | { readonly type: "ready"; readonly tid: number }
  | {
      readonly type: "ran";
      readonly taken: Taken;
      readonly drops: readonly HopCount[];
      readonly cpuNs: number;
      readonly helperCpuNs: number | null;
      readonly helperCpu: number | null;
      readonly latencies: readonly Bucket[];
    };
