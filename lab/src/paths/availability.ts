// Which paths this machine can open. What each of them needs is probed by trying it; a path without goes on the list with the
// reason, and a comparison goes on without it.
import { type Probe, probeAll } from "../sys/index.js";
import { paths } from "./catalogue.js";
import type { Path } from "./path.js";

/** A path, and what the machine lacks for it; nothing where it can be opened. */
export interface Availability {
  readonly path: Path;
  readonly missing: readonly Probe[];
}

/** Probes the machine once and asks it for every path. @param probes of this machine; asked for unless given */
export async function pathsAvailable(probes?: readonly Probe[]): Promise<Availability[]> {
  const answers = probes ?? (await probeAll());
  return paths.map((path) => ({
    path,
    missing: answers.filter(({ name, state }) => path.needs.includes(name) && state !== "yes"),
  }));
}

/** Why a path cannot be opened, and what to do: `no AF_XDP: EAFNOSUPPORT -> use the VM`. */
export function describeMissing(missing: readonly Probe[]): string {
  return missing
    .map(({ name, reason, next }) => `${name}: ${reason}${next === "" ? "" : ` -> ${next}`}`)
    .join("; ");
}
