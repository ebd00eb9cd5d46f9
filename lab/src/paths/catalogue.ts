// Every path there is, in the order in which a table shows them: from the most of the kernel to the least.
import type { Path, PathName } from "./path.js";
import { xdpNeedWakeup } from "./xdp-need-wakeup.js";

/** All paths. */
export const paths: readonly Path[] = [xdpNeedWakeup];

/** @throws RangeError naming the paths there are. */
export function pathOf(name: PathName): Path {
  const found = paths.find((path) => path.name === name);
  if (found) return found;
  throw new RangeError(`Cannot find path ${name} -> there are ${paths.map((path) => path.name).join(", ")}`);
}
