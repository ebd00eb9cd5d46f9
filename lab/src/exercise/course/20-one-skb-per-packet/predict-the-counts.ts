// Predict the counts: how many skbs do 1000 frames cost under four programs? The answer is data; the judge is the
// kernel, which is asked anew for each program.
import { countSkbs } from "../../../measure/index.js";
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../../types.js";
import { describeValue } from "../../values.js";

/** What became of the frames. */
export interface SkbFate {
  /** skbs that entered the stack. */
  born: number;
  /** How many of them are dead when the last frame has come and nobody has read yet. */
  dead: number;
}

/** One of the four programs. */
export type CountedProgram = "drop" | "pass" | "afXdp" | "fullSocket";

/** A prediction for each. */
export type SkbFatePredictions = Readonly<Record<CountedProgram, SkbFate>>;

interface Run {
  readonly predicted: SkbFate;
  readonly program: CountedProgram;
}

const FRAMES = 1000;
const PROGRAMS: Readonly<Record<CountedProgram, string>> = {
  drop: "a native XDP program that answers XDP_DROP",
  pass: "XDP_PASS, and no socket that wants the packets",
  afXdp: "an AF_XDP socket in copy mode, emptied in time",
  fullSocket: "a UDP socket with the default receive buffer, whose reader stalls",
};

/** Which mistake predicts this, if only one does. */
function mistakeIn({ program, predicted }: Run, waiting: number): string | undefined {
  const { born, dead } = predicted;
  if (program === "drop" && born > 0) return "XDP drops after the skb";
  if (program === "afXdp" && born > 0) return "AF_XDP copies into an skb";
  if (program === "pass" && born > 0 && dead < born) return "passed packets live on";
  if (program !== "fullSocket" || born !== FRAMES) return undefined;
  if (dead === born) return "every packet of a full socket dies";
  if (dead === 0) return "nothing dies in a socket";
  return dead === waiting ? "the dead and the waiting swapped" : undefined;
}

async function judge(run: Run): Promise<Outcome> {
  const { program, predicted } = run;
  const { made, dropped, consumed, waiting } = await countSkbs({ program, frames: FRAMES });
  const dead = dropped + consumed;
  const reality = `${made} born, ${dead} dead`;
  if (predicted.born === made && predicted.dead === dead) return saw(reality);
  const diagnosis = mistakeIn(run, waiting);
  // The kernel's count is the answer, so it is not told.
  return mismatch(
    `what the kernel counts for ${FRAMES} frames under ${program}`,
    `predicted ${predicted.born} born, ${predicted.dead} dead`,
    diagnosis,
  );
}

const scenarios: Scenario<SkbFatePredictions>[] = Object.entries(PROGRAMS).map(([name, what]) => {
  const program = name as CountedProgram;
  return scenario<SkbFatePredictions, Run>({
    name: program,
    given: `${FRAMES} UDP packets meet ${what}`,
    start: (mine) => ({ program, predicted: mine[program] }),
    steps: [{ action: "inject them, and count", play: judge, limitMs: 20_000 }],
  });
});

function isFate(value: unknown): value is SkbFate {
  const { born, dead } = (value ?? {}) as Partial<SkbFate>;
  return [born, dead].every((count) => Number.isInteger(count) && count! >= 0);
}

/** Notebook 20: `check("20-one-skb-per-packet/predict-the-counts", counts)`. */
export const predictTheCounts: Exercise<SkbFatePredictions> = {
  id: "20-one-skb-per-packet/predict-the-counts",
  title: "Predict the counts of four programs",
  points: 4,
  starterSteps: 1,
  needs: ["tp_btf"],
  refuses: (mine) => {
    if (process.getuid?.() !== 0)
      return "predict-the-counts: the judge is the kernel, and counting needs root -> start the notebooks as root, or go on with the next exercise";
    const given = mine as Partial<SkbFatePredictions> | null | undefined;
    const missing = Object.keys(PROGRAMS).find((name) => !isFate(given?.[name as CountedProgram]));
    return missing === undefined
      ? null
      : `predict-the-counts: expected ${missing}: { born, dead } in whole numbers, your code handed in ${describeValue(given?.[missing as CountedProgram])}`;
  },
  hints: [
    "ask of each program: does the frame reach the stack, and who still wants it there?",
    "only a frame that reaches the stack needs an skb. Two of the four never do.",
    "the flow figure above shows how many fit into this machine's socket; the number does not depend on how many were sent.",
  ],
  wrongAnswers: [
    {
      name: "XDP drops after the skb",
      hint: "a native XDP program runs in the driver, on the bare frame. Look at the first bar of the figure: what was there to free?",
    },
    {
      name: "AF_XDP copies into an skb",
      hint: "copy mode copies, but where to? The umem is the program's own memory, and the frame goes there before the stack sees it.",
    },
    {
      name: "passed packets live on",
      hint: "nobody listens on that port. What does a stack do with a packet that no socket wants?",
    },
    {
      name: "every packet of a full socket dies",
      hint: "the socket was not always full: those that came first still fit. How many did the flow figure show?",
    },
    {
      name: "nothing dies in a socket",
      hint: "a receive buffer is charged for every packet that waits, and it has a limit. What became of the rest?",
    },
    {
      name: "the dead and the waiting swapped",
      hint: "that is how many live on in the socket. The others found it full.",
    },
  ],
  scenarios,
};
