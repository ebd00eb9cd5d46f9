// Affinity-Accept's rule: from whose queue does a core take its next connection? The judge puts the question in situations where
// only one answer keeps connections at home without letting a core idle.
import { LOCAL_PER_STOLEN, type StealChoice, type StealView, stealRule } from "../../../model/index.js";
import { type Exercise, mismatch, type Outcome, type Step, saw, scenario } from "../../types.js";
import { describeAnswer, describeValue } from "../../values.js";

/** The core from whose queue to take, or null. */
export type StealRule = (view: StealView) => StealChoice;

interface Situation {
  readonly action: string;
  readonly view: StealView;
  /** What a wrong answer to this can only come from, by the answer. */
  readonly diagnose: (answer: StealChoice) => string | undefined;
}

const core = 1;
const seen = (waiting: readonly number[], busyCores: readonly number[], ownSinceStolen = 0): StealView => ({
  core,
  waiting,
  busy: waiting.map((_, i) => busyCores.includes(i)),
  ownSinceStolen,
});

const SITUATIONS: readonly Situation[] = [
  {
    action: "its own queue has 3, nobody is busy",
    view: seen([4, 3, 4], []),
    diagnose: () => "leaves home without need",
  },
  {
    action: "its own queue has 3, core 2 is busy, and it stole just now",
    view: seen([0, 3, 14], [2], 1),
    diagnose: () => "steals before its turn",
  },
  {
    action: `the same after ${LOCAL_PER_STOLEN} of its own`,
    view: seen([0, 3, 14], [2], LOCAL_PER_STOLEN),
    diagnose: (answer) => (answer === core ? "never helps while it has its own" : undefined),
  },
  {
    action: "its own queue is empty, core 2 is busy",
    view: seen([2, 0, 14], [2]),
    diagnose: (answer) =>
      answer === null
        ? "idles beside a full queue"
        : answer === 0
          ? "robs a core that is not busy"
          : undefined,
  },
  {
    action: "its own queue is empty, nobody is busy, core 0 has 2",
    view: seen([2, 0, 0], []),
    diagnose: (answer) => (answer === null ? "idles beside a full queue" : undefined),
  },
  {
    action: `it is busy itself, and so is core 2, after ${LOCAL_PER_STOLEN} of its own`,
    view: seen([0, 12, 14], [1, 2], LOCAL_PER_STOLEN),
    diagnose: (answer) => (answer === 2 ? "steals while it is busy itself" : undefined),
  },
  { action: "nothing waits anywhere", view: seen([0, 0, 0], []), diagnose: () => undefined },
];

function ask({ action, view, diagnose }: Situation): Step<StealRule> {
  return {
    action: `core ${core} looks: ${action}`,
    play(rule): Outcome {
      const right = stealRule(view);
      const answer = rule(view);
      if (answer === right) return saw(right === null ? "nothing" : `from core ${right}`);
      return mismatch(String(right), `answered ${describeAnswer(answer)}`, diagnose(answer));
    },
  };
}

/** Notebook 14: `check("14-sockets-and-cores/steal-rule", chooseQueue)`. */
export const stealRuleExercise: Exercise<StealRule> = {
  id: "14-sockets-and-cores/steal-rule",
  title: "The steal rule",
  points: 3,
  starterSteps: 2,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `steal-rule: expected a function chooseQueue(view), your code handed in ${describeValue(mine)}`,
  hints: [
    "three questions in this order: am I busy? is another busy? have I anything of my own?",
    `a busy core takes its own. Another takes from a busy core when it has nothing, or has taken ${LOCAL_PER_STOLEN} of its own since it last did.`,
    "what is left: its own; or, with nothing of its own, from any core where something waits; or null.",
  ],
  wrongAnswers: [
    {
      name: "leaves home without need",
      hint: "its own connections have their packets here already. While nobody is busy there is no reason to go elsewhere.",
    },
    {
      name: "steals before its turn",
      hint: `one for every ${LOCAL_PER_STOLEN} of its own: ownSinceStolen says how many those were.`,
    },
    {
      name: "never helps while it has its own",
      hint: "a busy core gets help from cores that are not idle, too, or its connections wait for ever under a steady load.",
    },
    {
      name: "idles beside a full queue",
      hint: "a core with nothing to do that lets connections wait is the worst of all: what does it cost to take one, and what does it cost to wait?",
    },
    {
      name: "robs a core that is not busy",
      hint: "one of them has more than it can serve. Take from there.",
    },
    {
      name: "steals while it is busy itself",
      hint: "a core that has too many of its own needs help, and gives none.",
    },
  ],
  scenarios: [
    scenario<StealRule, StealRule>({
      name: "seven looks",
      given: "three cores; waiting and busy by core",
      start: (mine) => mine,
      steps: SITUATIONS.map(ask),
    }),
  ],
};
