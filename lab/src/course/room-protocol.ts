// What a workshop's server says to its learners and to the instructor's board, as data. Times are told as what is left of
// them: the clocks of a room do not agree. Names come from learners and are not to be trusted; pages set them as text.

/** What one learner sees of the room. */
export interface RoomView {
  readonly title: string;
  /** The name by which the room knows him. */
  readonly name: string;
  readonly handUp: boolean;
  /** The section that the instructor has begun, or null before the first. */
  readonly section: SectionNow | null;
  readonly queue: QueuePlace;
  /** Solutions of the notebook that the tab shows, as far as they are released. */
  readonly solutions: readonly ReleasedSolution[];
  /** The instructor has ended the workshop. */
  readonly over: boolean;
}

export interface SectionNow {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly title: string;
  /** Slug of the notebook that it is about, or null: a break, a talk. */
  readonly notebook: string | null;
  /** Milliseconds that are left of it; below 0 where it takes longer. */
  readonly leftMs: number;
}

/** The queue for the machine's cores, and one learner's place in it. */
export interface QueuePlace {
  /** 0: not in it; 1: next, or measuring. */
  readonly place: number;
  readonly measuring: boolean;
  /** How many measure or wait, all told. */
  readonly length: number;
}

export interface ReleasedSolution {
  /** Id of the cell that asks. */
  readonly cell: string;
  readonly exercise: string;
  readonly code: string;
}

/** Everything that the board shows. */
export interface BoardView {
  readonly title: string;
  readonly code: string;
  /** Where learners join. */
  readonly addresses: readonly string[];
  readonly doorOpen: boolean;
  readonly over: boolean;
  readonly sections: readonly SectionRow[];
  /** Index of the section that runs, or null before the first. */
  readonly current: number | null;
  /** Milliseconds left of it. */
  readonly leftMs: number;
  readonly learners: readonly LearnerRow[];
  readonly predictions: readonly RoomPrediction[];
  readonly preflight: readonly PreflightLine[];
  readonly machine: MachineLoad;
}

export interface SectionRow {
  readonly title: string;
  readonly notebook: string | null;
  readonly minutes: number;
  /** What the instructor wants to remember. */
  readonly notes: string;
  readonly releases: readonly { readonly exercise: string; readonly released: boolean }[];
}

export interface LearnerRow {
  readonly id: string;
  readonly name: string;
  /** Whether one of his tabs is open. */
  readonly here: boolean;
  /** Seconds since something was heard of him. */
  readonly silentS: number;
  /** Seconds that the hand has been up, or null. */
  readonly handUpS: number | null;
  /** Slug of the notebook that he looks at, or null: the outline. */
  readonly notebook: string | null;
  /** The cell that he ran last. */
  readonly ran: LastRun | null;
  /** Exercises passed and tried, in the whole course. */
  readonly passed: number;
  readonly tried: number;
  /** Where he is stuck: the exercise whose last attempt failed last. */
  readonly stuck: Stuck | null;
  readonly queue: QueuePlace;
  readonly kernel: "none" | "idle" | "busy";
  /** What his browser found wrong when it joined, or empty. */
  readonly trouble: string;
}

export interface LastRun {
  readonly notebook: string;
  /** Which of the notebook's code cells, from 1. */
  readonly cell: number;
  readonly of: number;
  readonly state: string;
  readonly agoS: number;
}

export interface Stuck {
  readonly exercise: string;
  /** Attempts that failed since it last passed. */
  readonly failures: number;
  readonly stepsPassed: number;
  readonly stepsTotal: number;
  /** Name of the scenario that failed, or empty. */
  readonly scenario: string;
  /** The hint that he reads, or empty. */
  readonly hint: string;
  readonly agoS: number;
}

/** What the room predicted of one question, beside what it measured. */
export interface RoomPrediction {
  readonly question: string;
  readonly experiment: string;
  readonly learners: number;
  /** A histogram with the measured values on the same axis, as SVG. */
  readonly svg: string;
  /** The same in words. */
  readonly text: string;
}

export interface PreflightLine {
  readonly name: string;
  readonly state: "ok" | "warning" | "missing";
  readonly found: string;
  readonly next: string;
}

export interface MachineLoad {
  /** Share of all CPUs that is busy, 0 to 1. */
  readonly busy: number;
  readonly cpus: number;
  readonly kernels: number;
  readonly memoryFreeMb: number;
  readonly memoryTotalMb: number;
}

/** An event of the board's stream, once a second and after each change. */
export interface BoardEvent {
  readonly board: BoardView;
}
