// The injecting thread is pinned while a stage is open. Several may be open at once, to be run in turns: the CPUs to
// choose from, and to give back in the end, are those that the thread had before the first.
import { allowedCpus, pinThread } from "../sys/index.js";

let unpinned: readonly number[] = [];
let pins = 0;

/** The CPUs that the calling thread may use when no stage pins it. */
export function cpusWithoutStage(): readonly number[] {
  return pins > 0 ? unpinned : allowedCpus();
}

/**
 * Pins the calling thread for one more stage.
 *
 * @returns undoes it; after the last the thread has its CPUs back. Calling it again does nothing.
 */
export function pinForStage(cpu: number): () => void {
  if (pins === 0) unpinned = allowedCpus();
  pinThread([cpu]);
  pins++;
  let isPinned = true;
  return () => {
    if (!isPinned) return;
    isPinned = false;
    pins--;
    if (pins === 0) pinThread(unpinned);
  };
}
