// Two million frames go into a wire, none comes out, and every counter at both ends says 0. A veth takes redirected frames
// only where its peer has NAPI, which an XDP program there brings, or GRO; else it refuses them, and tells a tracepoint alone.
// So the frames are found by that tracepoint, and then the two repairs are tried.
import { statSync } from "node:fs";
import { type LinkFacts, Testbed, twoHosts } from "../../net/index.js";
import { countDuring } from "../../trace/index.js";
import { attachXdp, loadXdp } from "../../xdp/index.js";
import type { Context, Experiment } from "../experiment.js";

/** How much to lose. */
export interface LostOnVethParams {
  /** Frames of each of the three injections, 1 or more. */
  readonly frames: number;
}

/** One injection into the wire in one state. */
export interface WireTrial {
  /** What was true of the receiving end. */
  readonly state: "no NAPI" | "GRO on" | "XDP program";
  readonly offered: number;
  /** What the receiving driver took. */
  readonly arrived: number;
  /** What the tracepoints of redirection saw: frames that the sending end took, and frames that it refused. */
  readonly taken: number;
  readonly refused: number;
  /** The errno of the refusals, if any. */
  readonly error: string | null;
}

/** What was seen. */
export interface LostOnVethOutcome {
  readonly trials: readonly WireTrial[];
  /** Counters of the first trial, in which all was lost, as `ip -s link` and `ethtool -S` would show them. */
  readonly counters: readonly { readonly name: string; readonly a: number; readonly b: number }[];
}

const FULL_SPEED = { ratePps: Number.POSITIVE_INFINITY } as const;

/** What both ends counted meanwhile, by the names that `ip -s link` and `ethtool -S` use. */
function counted(before: readonly LinkFacts[], after: readonly LinkFacts[]): LostOnVethOutcome["counters"] {
  const reads: Readonly<Record<string, (facts: LinkFacts) => number>> = {
    "rx packets": (facts) => facts.rxPackets,
    "tx packets": (facts) => facts.txPackets,
    "rx dropped": (facts) => facts.rxDropped,
    "tx dropped": (facts) => facts.txDropped,
    xdp_xmit: (facts) => facts.driver.sent,
    xdp_xmit_errors: (facts) => facts.driver.refused,
    xdp_packets: (facts) => facts.driver.received,
  };
  return Object.entries(reads).map(([name, read]) => {
    const [a = 0, b = 0] = after.map((facts, end) => read(facts) - read(before[end]!));
    return { name, a, b };
  });
}

async function run({ frames }: LostOnVethParams, context: Context): Promise<LostOnVethOutcome> {
  const testbed = Testbed.create(twoHosts());
  context.onClose(() => testbed.close());
  const { device } = testbed.end("b");
  const gro = (state: "on" | "off"): void => void testbed.inside("b", "ethtool", "-K", device, "gro", state);
  const injector = testbed.injector("a");
  const inode = statSync(testbed.path("a")).ino;
  const trial = async (state: WireTrial["state"]): Promise<WireTrial> => {
    const { result, counts } = await countDuring({ redirects: true }, () =>
      injector.inject(frames, { ...FULL_SPEED, signal: context.signal }),
    );
    const own = counts.redirects.filter((row) => row.netns === inode);
    const [taken, refused] = [own.map((row) => row.sent), own.map((row) => row.lost)].map(sum);
    const error = own.find((row) => row.error !== null)?.error ?? null;
    return {
      state,
      offered: result.offered,
      arrived: result.arrived,
      taken: taken!,
      refused: refused!,
      error,
    };
  };
  const facts = (): LinkFacts[] => [testbed.facts("a"), testbed.facts("b")];

  gro("off"); // takes the peer's NAPI away
  const before = facts();
  const lost = await trial("no NAPI");
  const counters = counted(before, facts());
  context.progress(1 / 3, `${lost.arrived} of ${frames} frames arrived`);
  gro("on");
  const withGro = await trial("GRO on");
  context.progress(2 / 3, `${withGro.arrived} of ${frames} frames arrived`);
  gro("off");
  attachXdp(testbed, "b", loadXdp("drop"));
  return { trials: [lost, withGro, await trial("XDP program")], counters };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const experiment: Experiment<LostOnVethParams, LostOnVethOutcome> = {
  name: "lost-on-veth",
  module: import.meta.url,
  question: "Where are frames that were redirected into a veth and never came out?",
  needs: ["root"],
  unit: "frames",
  defaults: { frames: 2_000_000 },
  unseen: ["frames that the injecting program itself could not redirect: it has no such error here"],
  headline: ({ trials }) => trials[0]!.arrived,
  run,
};
export default experiment;
