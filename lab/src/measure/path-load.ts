// The load of a comparison, the same for every path in it.
import type { Cpus, PathName, StageSpec, Touch } from "../paths/index.js";

/** What is offered, and what the program does with it. */
export interface PathLoad {
  /** Frame length without check sequence, 60 to 1514; or the Internet's mix of lengths. */
  readonly frameBytes: number | "imix";
  /** Most packets that are handled at once. */
  readonly batch: number;
  readonly touch: Touch;
}

/** The stage on which a path meets that load. */
export function stageUnder({ frameBytes, batch, touch }: PathLoad, path: PathName, cpus: Cpus): StageSpec {
  if (frameBytes === "imix") return { path, touch, cpus, imix: true, options: { batch } };
  return { path, touch, cpus, options: { batch, frameBytes } };
}
