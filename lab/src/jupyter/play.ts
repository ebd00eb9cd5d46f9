// A row of pictures in one place, one after the other: a film that a notebook shows without a script.
import { setTimeout as pause } from "node:timers/promises";
import { liveDisplay } from "./display.js";
import { interruptSignal } from "./host.js";

/** Long enough to read the one line that changed. */
const EVERY_MS = 300;

/**
 * Shows pictures one after the other below the running cell; the last one stays. The stop button ends it.
 *
 * @param pictures figures, tables: what `display` takes
 * @param everyMs how long each stays, 100 or more
 */
export async function play(pictures: readonly object[], everyMs: number = EVERY_MS): Promise<void> {
  const place = liveDisplay();
  for (const picture of pictures) {
    place.update(picture);
    await pause(everyMs, undefined, { signal: interruptSignal() });
  }
  place.finish();
}
