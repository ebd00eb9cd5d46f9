// Design a fair test: which of two programs is faster, on a bench that does its best to mislead?
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../../types.js";
import { describeAnswer, describeValue } from "../../values.js";
import { type BenchSpec, type BenchUse, ModelBench, type TestBench } from "./model-bench.js";

/** The faster program, or that none is to be told from the other, or that the bench's figures are worth nothing. */
export type FairVerdict = "a" | "b" | "no difference" | "void";

/** Compares the two programs of a bench. */
export type FairTest = (bench: TestBench) => FairVerdict;

const VERDICTS: readonly unknown[] = ["a", "b", "no difference", "void"];

interface Case {
  readonly name: string;
  readonly given: string;
  readonly spec: BenchSpec;
  readonly truth: FairVerdict;
}

const CASES: readonly Case[] = [
  {
    name: "b is faster",
    given: "program a takes 200 ns a packet, b 100 ns; the first run of the bench is cold",
    spec: { costNs: { a: 200, b: 100 } },
    truth: "b",
  },
  {
    name: "twins",
    given: "both programs are the same; figures scatter by 4 % to either side",
    spec: { costNs: { a: 150, b: 150 } },
    truth: "no difference",
  },
  {
    name: "twins on a machine that slows down",
    given: "both programs are the same; each run is 1 % slower than the one before",
    spec: { costNs: { a: 150, b: 150 }, driftPerRun: 0.01 },
    truth: "no difference",
  },
  {
    name: "a is faster on a machine that slows down",
    given: "program a takes 100 ns a packet, b 115 ns; each run is 1 % slower than the one before",
    spec: { costNs: { a: 100, b: 115 }, driftPerRun: 0.01 },
    truth: "a",
  },
  {
    name: "packets vanish",
    given: "b looks twice as fast as a; half of its packets never arrive",
    spec: { costNs: { a: 200, b: 100 }, delivery: { a: 1, b: 0.5 } },
    truth: "void",
  },
];

/** The mistake that led to a wrong verdict, read from how the bench was used. */
function mistakeIn(uses: readonly BenchUse[], truth: FairVerdict): string | undefined {
  if (uses.some(({ source }) => source === "socket")) return "believes the socket";
  if (truth === "void") return "counts what was offered";
  const runs = { a: uses.filter(({ program }) => program === "a").length, b: 0 };
  runs.b = uses.length - runs.a;
  if (runs.a < 3 || runs.b < 3) return "one run each";
  const turns = uses.filter(({ program }, i) => i > 0 && program !== uses[i - 1]!.program).length;
  if (turns < 3) return "first a, then b";
  return truth === "no difference" ? "forgets the noise" : undefined;
}

function judge(mine: FairTest, { spec, truth }: Case): Outcome {
  const bench = new ModelBench(spec);
  const answer: unknown = mine(bench);
  const runs = `${bench.uses.length} run${bench.uses.length === 1 ? "" : "s"}`;
  if (answer === truth) return saw(`"${truth}" after ${runs}`);
  const got = `returned ${describeAnswer(answer)} after ${runs}`;
  if (!VERDICTS.includes(answer)) return mismatch(`one of ${VERDICTS.join(", ")}`, got);
  return mismatch(`"${truth}"`, got, mistakeIn(bench.uses, truth));
}

const scenarios: Scenario<FairTest>[] = CASES.map((entry) =>
  scenario<FairTest, FairTest>({
    name: entry.name,
    given: entry.given,
    start: (mine) => mine,
    steps: [{ action: "compare a with b", play: (mine) => judge(mine, entry) }],
  }),
);

/** Notebook 52: `check("52-the-veth-trap/fair-test", fairTest)`. */
export const fairTest: Exercise<FairTest> = {
  id: "52-the-veth-trap/fair-test",
  title: "Design a fair test",
  points: 4,
  starterSteps: 1,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `fair-test: expected a function fairTest(bench), your code handed in ${describeValue(mine)}`,
  hints: [
    "the same program run twice gives two figures. How far apart may they be before you call it a difference?",
    "run a, b and a again, in turns, ten times or more: a against a is the noise, a against b the question.",
    "noiseFloor(a, again) and pairedComparison(a, b, noise, claim) of this lab do the rest; and before all that, compare arrived with offered.",
  ],
  wrongAnswers: [
    {
      name: "believes the socket",
      hint: "your source was a socket. It costs 2500 ns a packet, so a program of 100 ns more or less drowns in it. Send frames.",
    },
    {
      name: "counts what was offered",
      hint: "fewer packets arrived than were offered. A rate without its losses is void: say so, whatever the clock says.",
    },
    {
      name: "one run each",
      hint: "you ran a program once or twice. The first run of a bench is cold, and any two runs differ: take many.",
    },
    {
      name: "first a, then b",
      hint: "all runs of one program came before those of the other, and the machine was slower by then. Let them take turns.",
    },
    {
      name: "forgets the noise",
      hint: "these two programs are the same, and you found a difference. How far does a differ from a on this bench?",
    },
  ],
  scenarios,
};
