// Find the buffer that never dies: births and deaths with addresses, as a tracer prints them. A slab cache hands an
// address out again as soon as it is free, so the address alone does not name a buffer.
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../../types.js";
import { describeAnswer, describeValue } from "../../values.js";

/** One line of a trace, in the order of time. */
export interface SkbTraceEvent {
  /** When, in µs; no two events share one. */
  readonly atUs: number;
  /** `alloc`: a buffer is born; `kfree`: it dies with work undone; `consume`: it dies with its work done. */
  readonly event: "alloc" | "kfree" | "consume";
  /** Where the buffer lies, e.g. `ffff8881000a0100`. */
  readonly address: string;
}

/** Returns the birth times, in µs, of the buffers that never died, in any order. */
export type FindImmortal = (events: readonly SkbTraceEvent[]) => number[];

interface Scene {
  readonly name: string;
  readonly given: string;
  /** Each `event address`; the time is the line's number times ten. */
  readonly lines: readonly string[];
  readonly immortal: readonly number[];
  /** Which mistake gives which answer; the answers as sorted lists. */
  readonly mistakes: Readonly<Record<string, readonly number[]>>;
}

const SCENES: readonly Scene[] = [
  {
    name: "two ways to die",
    given: "three buffers, one dropped, one consumed",
    lines: ["alloc a0100", "alloc a0200", "kfree a0100", "alloc a0300", "consume a0300"],
    immortal: [20],
    mistakes: {
      "knows only kfree": [20, 40],
      "knows only consume": [10, 20],
      "names every birth": [10, 20, 40],
    },
  },
  {
    name: "an address used again",
    given: "four buffers at three addresses",
    lines: [
      ...["alloc a0100", "alloc a0200", "consume a0100", "alloc a0100"],
      ...["alloc a0300", "kfree a0200", "consume a0300"],
    ],
    immortal: [40],
    mistakes: {
      "takes the address for the buffer": [],
      "names the address's first birth": [10],
      "names every birth of the address": [10, 40],
    },
  },
  {
    name: "nothing is wrong",
    given: "three buffers at one address, one after the other",
    lines: ["alloc a0100", "kfree a0100", "alloc a0100", "consume a0100", "alloc a0100", "kfree a0100"],
    immortal: [],
    mistakes: {},
  },
];

function eventsOf(lines: readonly string[]): SkbTraceEvent[] {
  return lines.map((line, i) => {
    const [event, tail] = line.split(" ") as [SkbTraceEvent["event"], string];
    return { atUs: 10 * (i + 1), event, address: `ffff8881000${tail}` };
  });
}

const listed = (times: readonly number[]): string =>
  times.length === 0 ? "none" : `born at ${[...times].sort((a, b) => a - b).join(", ")} µs`;

function judge({ mine, scene }: { mine: FindImmortal; scene: Scene }): Outcome {
  const answer: unknown = mine(eventsOf(scene.lines));
  if (!Array.isArray(answer) || answer.some((time) => typeof time !== "number"))
    return mismatch("a list of birth times in µs", `returned ${describeAnswer(answer)}`);
  if (listed(answer) === listed(scene.immortal)) return saw(listed(answer));
  const found = Object.entries(scene.mistakes).find(([, times]) => listed(times) === listed(answer));
  return mismatch(
    `buffers that never died: ${listed(scene.immortal)}`,
    `named ${listed(answer)}`,
    found?.[0],
  );
}

const scenarios: Scenario<FindImmortal>[] = SCENES.map((scene) =>
  scenario<FindImmortal, { mine: FindImmortal; scene: Scene }>({
    name: scene.name,
    given: scene.given,
    start: (mine) => ({ mine, scene }),
    steps: [{ action: "find who never died", play: judge }],
  }),
);

/** Notebook 20: `check("20-one-skb-per-packet/the-buffer-that-never-dies", findImmortal)`. */
export const neverDies: Exercise<FindImmortal> = {
  id: "20-one-skb-per-packet/the-buffer-that-never-dies",
  title: "Find the buffer that never dies",
  points: 3,
  starterSteps: 0,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `the-buffer-that-never-dies: expected a function findImmortal(events), your code handed in ${describeValue(mine)}`,
  hints: [
    "go through the events in order and keep a list of who is alive now.",
    "a death ends the life that is at this address at that moment, and no other.",
    "a Map from address to birth time: alloc sets, both kinds of death delete; what is left at the end never died.",
  ],
  wrongAnswers: [
    {
      name: "names every birth",
      hint: "some of these died: look for kfree and consume at the same address.",
    },
    {
      name: "knows only kfree",
      hint: "you named a buffer that was consumed: a packet whose work is done dies too, by consume.",
    },
    {
      name: "knows only consume",
      hint: "you named a buffer that was dropped: kfree is a death as well.",
    },
    {
      name: "takes the address for the buffer",
      hint: "this address saw a death, and after it a birth: the allocator had handed it out again. One address, two buffers.",
    },
    {
      name: "names the address's first birth",
      hint: "the right address, but its first buffer did die. Who lies there now?",
    },
    {
      name: "names every birth of the address",
      hint: "of the two buffers at this address one died before the other was born.",
    },
  ],
  scenarios,
};
