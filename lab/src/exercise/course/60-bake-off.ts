// A verdict on a table of rates: when may one say that one way is so many times faster than another?
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../types.js";
import { describeAnswer, describeValue } from "../values.js";

/** One line of a bake-off, as a learner gets it. */
export interface BakeOffRow {
  readonly name: string;
  /** Packets a second: the median, and its 95 % interval. */
  readonly medianPps: number;
  readonly lowPps: number;
  readonly highPps: number;
  /** Packets that neither came nor were counted as lost anywhere. */
  readonly unaccounted: number;
  /** Who sent: the injector of XDP frames, a socket, or nobody, where a loop makes up its packets itself. */
  readonly load: "frames" | "sockets" | "itself";
}

/** `faster` gets through more than `times` as many packets a second as `slower`. */
export interface RateClaim {
  readonly faster: string;
  readonly slower: string;
  readonly times: number;
}

export type RateVerdict = "supports" | "contradicts" | "inconclusive";

/** Judges a claim by a table. */
export type RateJudge = (claim: RateClaim, rows: readonly BakeOffRow[]) => RateVerdict;

interface Case {
  readonly name: string;
  readonly given: string;
  readonly claim: RateClaim;
  readonly rows: readonly BakeOffRow[];
  readonly truth: RateVerdict;
}

/** A row with an interval of some percent to either side. */
function row(name: string, kpps: number, percent: number, more: Partial<BakeOffRow> = {}): BakeOffRow {
  const medianPps = kpps * 1000;
  const [lowPps, highPps] = [medianPps * (1 - percent / 100), medianPps * (1 + percent / 100)];
  return { name, medianPps, lowPps, highPps, unaccounted: 0, load: "frames", ...more };
}

const CLAIM: RateClaim = { faster: "AF_XDP", slower: "UDP socket", times: 2 };
const OTHER = row("native drop", 6500, 1);

const CASES: readonly Case[] = [
  {
    name: "clear",
    given: "AF_XDP 3000 kpps, a UDP socket 1000 kpps, each to within 5 %; claimed: more than 2 times",
    claim: CLAIM,
    rows: [OTHER, row("AF_XDP", 3000, 5), row("UDP socket", 1000, 5)],
    truth: "supports",
  },
  {
    name: "clear the other way",
    given: "AF_XDP 1500 kpps, a UDP socket 1000 kpps, each to within 5 %; claimed: more than 2 times",
    claim: CLAIM,
    rows: [row("UDP socket", 1000, 5), OTHER, row("AF_XDP", 1500, 5)],
    truth: "contradicts",
  },
  {
    name: "the intervals reach across",
    given: "medians 2.2 times apart, but each known only to within 20 %",
    claim: CLAIM,
    rows: [row("AF_XDP", 2200, 20), OTHER, row("UDP socket", 1000, 20)],
    truth: "inconclusive",
  },
  {
    name: "two sources",
    given: "3 times apart; AF_XDP got frames from the injector, the socket got packets from another socket",
    claim: CLAIM,
    rows: [OTHER, row("AF_XDP", 3000, 5), row("UDP socket", 1000, 5, { load: "sockets" })],
    truth: "inconclusive",
  },
  {
    name: "packets that nobody lost",
    given: "3 times apart; of AF_XDP's packets 40 000 neither came nor were lost anywhere",
    claim: CLAIM,
    rows: [OTHER, row("AF_XDP", 3000, 5, { unaccounted: 40_000 }), row("UDP socket", 1000, 5)],
    truth: "inconclusive",
  },
];

const VERDICTS: readonly unknown[] = ["supports", "contradicts", "inconclusive"];

/** The case's rows, the two of the claim first: who finds rows by name does not notice. */
function inOrder({ claim, rows }: Case): BakeOffRow[] {
  const place = ({ name }: BakeOffRow): number => [claim.faster, claim.slower].indexOf(name) + 1 || 3;
  return [...rows].sort((a, b) => place(a) - place(b));
}

/** Which mistake gives this verdict. */
function mistakeIn({ name }: Case, answer: unknown): string | undefined {
  if (name === "clear" && answer === "contradicts") return "divides the wrong way round";
  if (name === "the intervals reach across")
    return answer === "supports" ? "looks at the medians alone" : "knows two verdicts";
  if (name === "two sources") return "compares two loads";
  return name === "packets that nobody lost" ? "overlooks what nobody accounts for" : undefined;
}

function judge(mine: RateJudge, entry: Case): Outcome {
  const answer: unknown = mine(entry.claim, entry.rows);
  if (answer === entry.truth) return saw(`"${entry.truth}"`);
  const got = `returned ${describeAnswer(answer)}`;
  if (!VERDICTS.includes(answer)) return mismatch(`one of ${VERDICTS.join(", ")}`, got);
  const byPlace = mine(entry.claim, inOrder(entry)) !== answer;
  return mismatch(`"${entry.truth}"`, got, byPlace ? "takes rows by their place" : mistakeIn(entry, answer));
}

const scenarios: Scenario<RateJudge>[] = CASES.map((entry) =>
  scenario<RateJudge, RateJudge>({
    name: entry.name,
    given: entry.given,
    start: (mine) => mine,
    steps: [{ action: "judge the claim", play: (mine) => judge(mine, entry) }],
  }),
);

/** Notebook 60: `check("60-bake-off/your-verdict", verdictOn)`. */
export const yourVerdict: Exercise<RateJudge> = {
  id: "60-bake-off/your-verdict",
  title: "Your verdict",
  points: 4,
  starterSteps: 2,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `your-verdict: expected a function verdictOn(claim, rows), your code handed in ${describeValue(mine)}`,
  hints: [
    "before any division: are the two rows fit to be compared at all?",
    "the ratio is an interval too: its smallest value is the low rate of the one over the high rate of the other.",
    "supports where the whole interval lies above claim.times, contradicts where the whole of it lies below, else inconclusive.",
  ],
  wrongAnswers: [
    {
      name: "divides the wrong way round",
      hint: "the claim is about claim.faster over claim.slower.",
    },
    {
      name: "takes rows by their place",
      hint: "in another order of the same rows your verdict is another. Find claim.faster and claim.slower by name, wherever they stand.",
    },
    {
      name: "knows two verdicts",
      hint: "the ratio's interval begins below claim.times and ends above it. What may one say then?",
    },
    {
      name: "looks at the medians alone",
      hint: "the medians are far enough apart, but what is known of each is an interval. Could the true ratio be smaller?",
    },
    {
      name: "compares two loads",
      hint: "one row's packets came from the injector, the other's from a socket, whose own cost is in the figure. That is no comparison.",
    },
    {
      name: "overlooks what nobody accounts for",
      hint: "some packets neither came nor were lost at any hop. As long as that is so, the rate beside it means nothing.",
    },
  ],
  scenarios,
};
