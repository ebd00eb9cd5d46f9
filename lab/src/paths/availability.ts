// Which paths this machine can open, in and out. What each of them needs is probed by trying it; a path without goes on the list with
// the reason, and a comparison goes on without it.
import { type Probe, type ProbeName, probeAll } from "../sys/index.js";
import { paths } from "./catalogue.js";
import type { Path } from "./path.js";
import { sendPaths } from "./send/catalogue.js";
import type { SendPath } from "./send/sender.js";

/** A path, and what the machine lacks for it; nothing where it can be opened. */
export interface Availability<P = Path> {
  readonly path: P;
  readonly missing: readonly Probe[];
}

/** What the harness needs, whatever the path: its load of XDP frames; and the far end of what is sent, a native drop unless asked. */
const LOAD_NEEDS: readonly ProbeName[] = ["liveFrames"];
const FAR_NEEDS: readonly ProbeName[] = ["nativeXdp"];

/** Probes the machine once and asks it for every path in. @param probes of this machine; asked for unless given */
export async function pathsAvailable(probes?: readonly Probe[]): Promise<Availability[]> {
  const all = probes ?? (await probeAll());
  return availabilityOf(paths, all, ({ load }) => (load === "frames" ? LOAD_NEEDS : []));
}

/** The same for every path out. */
export async function sendPathsAvailable(probes?: readonly Probe[]): Promise<Availability<SendPath>[]> {
  return availabilityOf(sendPaths, probes ?? (await probeAll()), () => FAR_NEEDS);
}

/** Why a path cannot be opened, and what to do: `no AF_XDP: EAFNOSUPPORT -> use the VM`. */
export function describeMissing(missing: readonly Probe[]): string {
  return missing
    .map(({ name, reason, next }) => `${name}: ${reason}${next === "" ? "" : ` -> ${next}`}`)
    .join("; ");
}

function availabilityOf<P extends { readonly needs: readonly ProbeName[] }>(
  all: readonly P[],
  probes: readonly Probe[],
  alsoNeeds: (path: P) => readonly ProbeName[],
): Availability<P>[] {
  return all.map((path) => {
    const needs = [...path.needs, ...alsoNeeds(path)];
    return { path, missing: probes.filter(({ name, state }) => needs.includes(name) && state !== "yes") };
  });
}
