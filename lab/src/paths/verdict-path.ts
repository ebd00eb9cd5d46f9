// What the paths that end in the kernel have in common: a program on the interface, something behind its verdict, and a BPF
// map that counts what came through. No thread of ours ever sees a packet.
import { type Ending, openEnd, type PacketLoss } from "../xdp/index.js";
import type { Elsewhere, ElsewherePath, HopCount } from "./path.js";

/** What differs between two verdicts. */
export interface VerdictFacts {
  readonly ending: Exclude<Ending, "xskmap">;
  readonly title: string;
  readonly how: string;
  /** Copies in generic mode; in native mode there is none. */
  readonly genericCopies?: { readonly count: number; readonly by: string };
  /** What its latency ends with: see `ElsewherePath`. */
  readonly timedUntil: string;
  /** Who does the rest of the work, where it is not the CPU that the packet came to. */
  readonly helper?: string;
  readonly leadsOn?: true;
  /** What to do about packets lost behind the verdict. */
  readonly next?: string;
}

const NO_COPY = { count: 0, by: "nobody: the frame stays in the page that it came in" };

/** The path in native and in generic mode. */
export function verdictPaths<Name extends "drop" | "pass" | "tx" | "redirect" | "cpumap">(
  facts: VerdictFacts & { readonly ending: Name },
): [ElsewherePath, ElsewherePath] {
  const { ending, title, how, genericCopies = NO_COPY, timedUntil, helper, leadsOn, next = "" } = facts;
  const sendsOn = ending === "tx" || ending === "redirect"; // what it sends is counted by a native program at the far end: xdp/station-ends.ts
  const pathIn = (mode: "native" | "generic"): ElsewherePath => ({
    ends: "elsewhere",
    name: mode === "native" ? `xdp-${ending}` : `xdp-${ending}-generic`,
    title: mode === "native" ? title : `${title}, generic`,
    how: mode === "native" ? `in the driver, ${how}` : `in the stack, after an skb was made, ${how}`,
    needs: mode === "native" ? ["nativeXdp"] : ["genericXdp", ...(sendsOn ? (["nativeXdp"] as const) : [])],
    load: "frames",
    sees: "frame",
    copies: mode === "native" ? NO_COPY : genericCopies,
    ...(helper !== undefined && { helper }),
    ...(leadsOn && { leadsOn }),
    timedUntil,
    async install({ testbed, cpu, timed }): Promise<Elsewhere> {
      const end = openEnd[ending]({ testbed, mode, cpu, timed, deaf: false });
      const drops = (): HopCount[] => end.losses().map((loss: PacketLoss) => ({ ...loss, next }));
      const times = end.times && { times: end.times };
      const worker = end.thread && { worker: { ...end.thread, sleeps: true as const } };
      return { counts: () => end.tally(), drops, ...times, ...worker, close: () => undefined }; // what was made belongs to the testbed
    },
  });
  return [pathIn("native"), pathIn("generic")];
}
