// What is kept of a learner's work: each check of an exercise, and each guess beside what was measured. Entries are facts and
// are never changed; whether an exercise is done, or guesses get better, is worked out from them.

/** One `check` of one exercise. */
export interface Attempt {
  readonly kind: "attempt";
  /** When, ISO 8601 in UTC. */
  readonly at: string;
  /** `33-af-xdp/receive-loop` */
  readonly exercise: string;
  readonly passed: boolean;
  readonly stepsPassed: number;
  readonly stepsTotal: number;
  /** Name of the scenario that failed, or null. */
  readonly scenario: string | null;
  /** Name of the recognised wrong answer, or null. */
  readonly diagnosis: string | null;
  /** The hint that was shown, or null. */
  readonly hint: string | null;
}

/** One guess, made before a measurement, and the figure that it was about. */
export interface KeptGuess {
  readonly kind: "guess";
  /** When, ISO 8601 in UTC. */
  readonly at: string;
  /** Name of the experiment, e.g. `syscall-cost`. */
  readonly experiment: string;
  readonly question: string;
  /** Parameters of the experiment: with the same ones it is the same question again. */
  readonly params: object;
  /** Of the guess and of what was measured. */
  readonly unit: string;
  /** The guess; a single number is a range of width 0. */
  readonly low: number;
  readonly high: number;
  readonly measured: number;
  readonly verdict: "close" | "too low" | "too high";
  /** Id of the saved result, which has the figures behind `measured`. */
  readonly result: string;
  /** Processor, CPUs and kernel that it was measured on. */
  readonly machine: string;
  readonly kernel: string;
}

export type ProgressEntry = Attempt | KeptGuess;
