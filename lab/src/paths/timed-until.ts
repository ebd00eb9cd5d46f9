// A latency begins when a packet was due to be sent. What it ends with differs, so whoever shows one says it.
import type { Path } from "./path.js";

/** What a path's latency ends with, to go after "until"; null where it has none, since nobody can tell one packet from another. */
export function timedUntil(path: Path): string | null {
  return path.ends === "elsewhere" ? path.timedUntil : "the program takes the packet";
}
