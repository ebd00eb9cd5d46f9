// What the server and the page say to each other, as data. The page asks by POST and hears by one stream of events; whatever
// it missed it gets by the number of the last thing it saw, so a reload, a lost connection and a second tab are the same case.

import type { RoomView } from "./room-protocol.js";

/** One notebook in the outline. */
export interface OutlineEntry {
  /** File name without extension: `20-one-skb-per-packet`. */
  readonly slug: string;
  readonly title: string;
  readonly question: string;
  /** As the author writes it: `25 to read and think, half a minute to run.` */
  readonly minutes: string;
  readonly needs: string;
  /** Code cells of the learner's copy, and how many of them have run without error. */
  readonly cells: number;
  readonly ran: number;
  readonly exercises: readonly ExerciseState[];
}

/** An exercise as the outline shows it. */
export interface ExerciseState {
  /** `20-one-skb-per-packet/predict-the-counts` */
  readonly id: string;
  readonly passed: boolean;
  readonly attempts: number;
}

/** How far a cell is. `stopped`: by the reader. `lost`: its kernel ended while it ran, or never heard of it. */
export interface RunState {
  readonly state: "idle" | "queued" | "running" | "ok" | "error" | "stopped" | "lost";
  readonly count: number | null;
  /** Time it took, in milliseconds; null while it runs or where it is not known. */
  readonly ms: number | null;
}

/** An output as Jupyter's notebook format has it; MIME types and texts come from the kernel and are not to be trusted. */
export type OutputView =
  | { readonly kind: "text"; readonly stream: "stdout" | "stderr"; readonly text: string }
  | { readonly kind: "bundle"; readonly data: Readonly<Record<string, string>> }
  | { readonly kind: "error"; readonly name: string; readonly text: string };

/** One cell, whole. */
export interface CellView {
  readonly id: string;
  readonly kind: "markdown" | "code";
  readonly source: string;
  /** Grows with every change of `source`, also across restarts of the server. */
  readonly version: number;
  /** HTML of a markdown cell, not cleaned; empty for code. */
  readonly html: string;
  readonly origin: Origin;
  readonly isExercise: boolean;
  readonly run: RunState;
  readonly outputs: readonly OutputView[];
}

/**
 * What the course has for a cell. `same`: the learner has not changed it. `edited`: he has. `course-changed`: he has, and the
 * course since then too. `own`: the course has no such cell (any more).
 */
export type Origin = "same" | "edited" | "course-changed" | "own";

/** A notebook, whole. */
export interface NotebookView {
  readonly slug: string;
  readonly title: string;
  /** Everything up to this number is in here. */
  readonly seq: number;
  readonly cells: readonly CellView[];
  readonly kernel: KernelView;
}

/** `none`: not started yet. `message` is what the reader is to know, or empty. */
export interface KernelView {
  readonly state: "none" | "starting" | "idle" | "busy" | "dead";
  readonly message: string;
}

/** What is new in one cell since a number. Fields that did not change are left out. */
export interface CellChange {
  readonly id: string;
  readonly source?: { readonly text: string; readonly version: number; readonly origin: Origin };
  readonly run?: RunState;
  /** Outputs that are new or changed, by their place; `outputCount` says how many there are now. */
  readonly outputs?: readonly { readonly at: number; readonly output: OutputView }[];
  readonly outputCount: number;
}

/** An event of the stream. */
export type CourseEvent =
  | {
      readonly kind: "changes";
      readonly seq: number;
      readonly cells: readonly CellChange[];
      readonly kernel?: KernelView;
      /** All cells in order, where the list itself may have changed. */
      readonly ids?: readonly string[];
    }
  | { readonly kind: "machine"; readonly machine: MachineView }
  | { readonly kind: "room"; readonly room: RoomView }
  | { readonly kind: "alive" };

/** The machine as an outsider sees it, once a second. */
export interface MachineView {
  readonly cpus: readonly { readonly cpu: number; readonly idle: number; readonly steal: number }[];
  /** Why a measurement would wait now, or null where the machine is quiet. */
  readonly busy: string | null;
  readonly testbeds: readonly TestbedView[];
  /** Why testbeds cannot be seen, or empty. */
  readonly unseen: string;
  /** What looking cost, in milliseconds: it is a disturbance, too. */
  readonly costMs: number;
}

/** The hosts that one process made. */
export interface TestbedView {
  readonly name: string;
  readonly maker: number;
  readonly hosts: readonly HostView[];
  /** The AF_XDP sockets that the maker holds now, each with the rings that it has. */
  readonly sockets: readonly (readonly RingView[])[];
}

/** A ring of an AF_XDP socket at one moment. */
export interface RingView {
  /** `fill`, `rx`, `tx` or `completion`. */
  readonly name: string;
  readonly entries: number;
  /** Slots, or where `isExact` is false the most that there may be. */
  readonly slots: number;
  readonly isExact: boolean;
}

export interface HostView {
  readonly name: string;
  readonly devices: readonly DeviceView[];
}

export interface DeviceView {
  readonly name: string;
  /** Host and device at the other end of the wire, `b veth-b`; empty where it cannot be told. */
  readonly peer: string;
  /** Name and mode of the XDP program that is attached: `count_drops, native`; empty for none. */
  readonly program: string;
  /** Packets since the interface was made, by what became of them; in the order of a packet's way. */
  readonly counts: readonly (readonly [what: string, packets: number])[];
}

/** A word of the field, its other names, and what it means. */
export interface Term {
  readonly words: readonly string[];
  readonly meaning: string;
}

/** The answer to an edit: accepted, or what the cell is now, to be merged with. */
export interface EditAnswer {
  readonly accepted: boolean;
  readonly text: string;
  readonly version: number;
  readonly origin: Origin;
}
