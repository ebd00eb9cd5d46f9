// C08: what Meltdown's mitigation adds to a system call. Nobody can boot the machine that is asked, so this claim is judged by
// recordings of two boots of one kernel on one processor, `pti=on` and `pti=off`: vm/compare-boots.sh makes them.
import {
  listRecordings,
  type MeasuredResult,
  type measure,
  provenance,
  recordEnvironment,
  type StoredRecording,
} from "../../measure/index.js";
import { barFigure } from "../../plot/index.js";
import type { Claim, Finding } from "../claim.js";

type CallCosts = Extract<Awaited<ReturnType<typeof measure.syscallCost>>, { status: "ok" }>["outcome"];

/** What entering the kernel cost after one boot, and what its recording is called. */
interface Boot {
  readonly name: string;
  readonly result: MeasuredResult<CallCosts>;
}

/** Recorded after a boot with this kernel argument, the newest first. */
function bootsWith(argument: string, recordings: readonly StoredRecording[]): Boot[] {
  return recordings.flatMap(({ recording: { name, results } }) =>
    results
      .filter(({ experiment }) => experiment === "syscall-cost")
      .filter(({ environment }) => environment.commandLine.split(/\s+/).includes(argument))
      .map((result) => ({ name, result: result as MeasuredResult<CallCosts> })),
  );
}

/** Two boots of one kernel on one processor: a real one's before an emulated one's. */
function pairOf(recordings: readonly StoredRecording[]): { on: Boot; off: Boot } | null {
  const [withIt, without] = ["pti=on", "pti=off"].map((argument) => bootsWith(argument, recordings));
  const machineOf = ({ result: { environment } }: Boot): string =>
    `${environment.kernel} ${environment.cpuModel}`;
  const pairs = withIt!.flatMap((on) =>
    without!.filter((off) => machineOf(off) === machineOf(on)).map((off) => ({ on, off })),
  );
  const isEmulated = ({ on, off }: (typeof pairs)[number]): number =>
    Number(on.result.environment.emulated || off.result.environment.emulated);
  return pairs.sort((one, other) => isEmulated(one) - isEmulated(other))[0] ?? null;
}

/** @param recordings those of the course and the reader's own, unless given */
export function judgeBoots(recordings: readonly StoredRecording[] = listRecordings()): Finding {
  const pair = pairOf(recordings);
  return pair === null ? notRecorded() : judgePair(pair.on, pair.off);
}

function notRecorded(): Finding {
  const meltdown = recordEnvironment().mitigations.meltdown ?? "not said";
  return {
    verdict: "no experiment yet",
    because: `It takes two boots of one kernel, and no recording of both, with pti=on and pti=off, is in datasets/measurements or .ringside/recordings. This kernel says of Meltdown: ${meltdown} -> vm/compare-boots.sh makes the two in the VM.`,
    results: [],
    sources: ["/sys/devices/system/cpu/vulnerabilities/meltdown"],
  };
}

function judgePair(on: Boot, off: Boot): Finding {
  const [dear, cheap] = [on, off].map(({ result }) => result.outcome.syscallGetppid);
  const { emulated } = on.result.environment;
  const words = ({ ns, low, high }: { ns: number; low: number; high: number }): string =>
    `${ns.toFixed(0)} ns [${low.toFixed(0)}, ${high.toFixed(0)}]`;
  const order =
    dear!.low > cheap!.high ? "supports" : dear!.high < cheap!.low ? "contradicts" : "inconclusive here";
  const limit = emulated
    ? "The processor was emulated: that shows how the two are compared, and the cost of no hardware."
    : "One boot of each kind: what else changed between the two is in the difference.";
  return {
    verdict: emulated ? "inconclusive here" : order,
    because: `Recorded, not measured now: a getppid took ${words(dear!)} with pti=on and ${words(cheap!)} with pti=off. ${limit}`,
    results: [on.result.id, off.result.id],
    figure: barFigure({
      title: "A system call after two boots of one kernel",
      note: "getppid, median with 95 % interval",
      provenance: {
        ...provenance(on.result),
        mode: "recorded",
        recordedOn: on.name === off.name ? on.name : `${on.name}; ${off.name}`,
      },
      axis: { label: "time of a call", unit: "ns", scale: "linear" },
      bars: [
        { name: "pti=on", value: dear!.ns, low: dear!.low, high: dear!.high },
        { name: "pti=off", value: cheap!.ns, low: cheap!.low, high: cheap!.high },
      ],
    }),
  };
}

export const mitigationClaim: Claim = {
  id: "C08",
  statement: "The mitigations of Meltdown make it dearer.",
  examine: () => judgeBoots(),
};
