// Read your own report: every later figure of the course carries these facts, so one should have met them once.
import { release } from "node:os";
import { allowedCpus, type Probe, probeAll, type Tier, tierOf } from "../../../sys/index.js";
import { type Exercise, mismatch, type Outcome, saw, scenario } from "../../types.js";
import { describeValue } from "../../values.js";

/** What a learner reads off the doctor's report. */
export interface MachineReport {
  readonly tier: Tier;
  /** As `uname -r` says it. */
  readonly kernelRelease: string;
  /** CPUs that the lab may use. */
  readonly cpus: number;
  /** Whether an AF_XDP socket can have zero-copy here. */
  readonly afXdpZeroCopy: boolean;
}

interface Table {
  readonly mine: Partial<Record<keyof MachineReport, unknown>>;
  readonly probes: Promise<Probe[]>;
}

const TIERS: readonly Tier[] = ["T0", "T1", "T2", "T3"];

function readKernel({ mine: { kernelRelease } }: Table): Outcome {
  if (kernelRelease === release()) return saw(release());
  const isLonger = typeof kernelRelease === "string" && kernelRelease.startsWith(`${release()} `);
  return wrong(
    "the release of this kernel",
    kernelRelease,
    isLonger ? "copies the build as well" : undefined,
  );
}

function readCpus({ mine: { cpus } }: Table): Outcome {
  const allowed = allowedCpus();
  if (cpus === allowed.length) return saw(`${allowed.length}`);
  return wrong(
    "the number of CPUs that the lab may use",
    cpus,
    cpus === allowed.at(-1) ? "takes the last CPU's number for a count" : undefined,
  );
}

async function readZeroCopy({ mine: { afXdpZeroCopy }, probes }: Table): Promise<Outcome> {
  const isThere = hasYes(await probes, "afXdpZeroCopy");
  if (afXdpZeroCopy === isThere) return saw(`${isThere}`);
  const took = afXdpZeroCopy === hasYes(await probes, "afXdpCopy");
  return wrong("what afXdpZeroCopy says", afXdpZeroCopy, took ? "takes copy mode for zero-copy" : undefined);
}

async function readTier({ mine: { tier }, probes }: Table): Promise<Outcome> {
  const actual = tierOf(await probes).tier;
  if (tier === actual) return saw(actual);
  const isHigher = TIERS.indexOf(tier as Tier) > TIERS.indexOf(actual);
  return wrong("the tier under the table", tier, isHigher ? "names too high a tier" : undefined);
}

function hasYes(probes: readonly Probe[], name: string): boolean {
  return probes.some((probe) => probe.name === name && probe.state === "yes");
}

/** Does not say what is right: the learner's own report does. */
function wrong(what: string, given: unknown, diagnosis?: string): Outcome {
  return mismatch(what, `handed in ${describeValue(given)}`, diagnosis);
}

/** Notebook 00: `check("00-start-here/read-your-report", report)`. */
export const readYourReport: Exercise<MachineReport> = {
  id: "00-start-here/read-your-report",
  title: "Read your report",
  points: 1,
  starterSteps: 0,
  needs: [],
  refuses: (mine) =>
    typeof mine === "object" && mine !== null
      ? null
      : `read-your-report: expected { tier, kernelRelease, cpus, afXdpZeroCopy }, your code handed in ${describeValue(mine)}`,
  hints: [
    "every answer stands in the two tables above: the doctor's, and the environment's.",
    "kernelRelease is the first word of the row kernel; cpus are listed in the row allowed CPUs.",
    "afXdpZeroCopy has a row of its own in the doctor's table, and the tier stands in the line under it.",
  ],
  wrongAnswers: [
    {
      name: "copies the build as well",
      hint: "the release is the first word alone: what stands behind it says how and when this kernel was built.",
    },
    {
      name: "takes the last CPU's number for a count",
      hint: "CPUs are numbered from 0: count them.",
    },
    {
      name: "takes copy mode for zero-copy",
      hint: "there are two rows that begin with afXdp. In copy mode the kernel copies each packet into your memory; zero-copy needs the NIC's driver.",
    },
    {
      name: "names too high a tier",
      hint: "a tier needs all of its parts. The line under the table says what decided it.",
    },
  ],
  scenarios: [
    scenario<MachineReport, Table>({
      name: "this machine, asked again",
      given: "the doctor asks everything once more",
      start: (mine) => ({ mine, probes: probeAll() }),
      steps: [
        { action: "kernelRelease", play: readKernel },
        { action: "cpus", play: readCpus },
        { action: "afXdpZeroCopy", play: readZeroCopy },
        { action: "tier", play: readTier },
      ],
    }),
  ],
};
