// A card has room for so many instructions and so much map memory. Which programs go there? The ones that save most, together;
// neither the one that saves most alone, nor the one that saves most for its size, need be among them.
import { type Exercise, mismatch, type Outcome, type Step, saw, scenario } from "../../types.js";
import { describeAnswer, describeValue } from "../../values.js";
import {
  best,
  type CardBudget,
  diagnose,
  fits,
  names,
  type OffloadCandidate,
  type OffloadChooser,
  total,
} from "./offload-choice.js";

const candidate = (
  name: string,
  instructions: number,
  mapBytes: number,
  rest: Partial<OffloadCandidate> = {},
): OffloadCandidate => ({
  name,
  instructions,
  mapBytes,
  obstacles: 0,
  pps: 1e6,
  programNs: 20,
  driverNs: 100,
  endShare: 1,
  ...rest,
});

function chooses(
  action: string,
  candidates: readonly OffloadCandidate[],
  budget: CardBudget,
): Step<OffloadChooser> {
  return {
    action,
    play(mine): Outcome {
      const answer = mine(
        candidates.map((each) => ({ ...each })),
        { ...budget },
      );
      if (!Array.isArray(answer) || answer.some((name) => !candidates.some((each) => each.name === name)))
        return mismatch("a list of the candidates' names", `returned ${describeAnswer(answer)}`);
      const chosen = candidates.filter(({ name }) => answer.includes(name));
      const refused = chosen.find(({ obstacles }) => obstacles > 0);
      if (refused !== undefined)
        return mismatch(
          "only programs that the card takes",
          `chose ${refused.name}`,
          "chooses what the card refuses",
        );
      if (!fits(chosen, budget))
        return mismatch(
          `what fits ${budget.instructions} instructions and ${budget.mapBytes} bytes`,
          `chose ${names(chosen)}`,
          "exceeds the budget",
        );
      const right = best(candidates, budget);
      if (total(chosen) >= total(right)) return saw(names(chosen));
      const ms = (list: readonly OffloadCandidate[]): string =>
        `${Math.round(total(list) / 1e6)} ms a second`;
      return mismatch(
        `a choice that saves ${ms(right)}`,
        `chose ${names(chosen)}, which saves ${ms(chosen)}`,
        diagnose(chosen, candidates, budget),
      );
    },
  };
}

/** Notebook 54: `check("54-smartnic/under-a-budget", choose)`. */
export const underABudget: Exercise<OffloadChooser> = {
  id: "54-smartnic/under-a-budget",
  title: "What goes to the card",
  points: 5,
  starterSteps: 1,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `under-a-budget: expected a function choose(candidates, budget), your code handed in ${describeValue(mine)}`,
  hints: [
    "what does one program save in a second? A packet that passes on to the host still costs the driver there.",
    "a program saves pps * (programNs + endShare * driverNs). Leave out those with obstacles, and compare whole choices, not single programs.",
    "there are few candidates, so try every subset: a number from 0 to 2 ** n - 1 says by its bits who is in it. Keep the one that fits both budgets and saves most.",
  ],
  wrongAnswers: [
    {
      name: "chooses what the card refuses",
      hint: "a program with an obstacle does not load there, whatever it would save.",
    },
    {
      name: "exceeds the budget",
      hint: "all chosen programs are on the card at the same time, so their instructions add up, and so do the bytes of their maps. Both sums must fit.",
    },
    {
      name: "takes the best first",
      hint: "the program that saves most, alone or for its size, can stand in the way of two others that save more together. Compare whole choices.",
    },
    {
      name: "saves the driver for packets that go on",
      hint: "a packet that the card passes on is received by the host like any other: there only the program's time is saved. endShare says how many packets end on the card.",
    },
  ],
  scenarios: [
    scenario<OffloadChooser, OffloadChooser>({
      name: "the card's room is well used",
      given: "candidates and a card's budget",
      start: (mine) => mine,
      steps: [
        chooses("one program, room enough", [candidate("firewall", 100, 4096)], {
          instructions: 1000,
          mapBytes: 1e6,
        }),
        chooses(
          "one of two is refused by the card",
          [candidate("balancer", 100, 0, { obstacles: 2, pps: 9e6 }), candidate("firewall", 100, 0)],
          { instructions: 1000, mapBytes: 1e6 },
        ),
        chooses("nothing fits", [candidate("cache", 400, 9e6)], { instructions: 1000, mapBytes: 1e6 }),
        chooses(
          "one sends all on, the other ends all",
          [
            candidate("sampler", 100, 0, { pps: 2e6, endShare: 0, programNs: 40 }),
            candidate("filter", 100, 0, { pps: 1e6 }),
          ],
          { instructions: 100, mapBytes: 0 },
        ),
        chooses(
          "two small ones against a large one",
          [
            candidate("large", 600, 0, { pps: 1.9e6 }),
            candidate("left", 500, 0),
            candidate("right", 500, 0, { pps: 1.1e6 }),
          ],
          { instructions: 1000, mapBytes: 0 },
        ),
        chooses(
          "map memory is what is short",
          [
            candidate("table", 50, 8000, { pps: 3e6 }),
            candidate("counter", 50, 5000, { pps: 1.8e6 }),
            candidate("limiter", 50, 5000, { pps: 1.7e6 }),
          ],
          { instructions: 1000, mapBytes: 10_000 },
        ),
        chooses(
          "seven candidates, both budgets short",
          [
            candidate("a", 320, 2000, { pps: 2.1e6 }),
            candidate("b", 280, 3000, { pps: 2.0e6, endShare: 0.5 }),
            candidate("c", 250, 4000, { pps: 1.5e6 }),
            candidate("d", 200, 1000, { pps: 1.2e6, endShare: 0.1 }),
            candidate("e", 180, 6000, { pps: 1.4e6 }),
            candidate("f", 150, 2000, { pps: 0.7e6, obstacles: 1 }),
            candidate("g", 120, 1500, { pps: 0.6e6 }),
          ],
          { instructions: 700, mapBytes: 9000 },
        ),
      ],
    }),
  ],
};
