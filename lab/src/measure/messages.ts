// What parent and child say to each other over Node's IPC channel.
import { patient } from "../sys/index.js";
import type { GateLimits, GateReading } from "./gate.js";

/** Seconds without a breath after which SIGALRM ends the child. */
export const STUCK_AFTER_S: number = Math.round(patient(10_000) / 1000);

/** The first message to a child. */
export interface RunMessage {
  readonly type: "run";
  readonly module: string;
  readonly params: object;
  readonly seed: number;
  readonly gate: GateLimits;
}

export type ToChild = RunMessage | { readonly type: "abort" };

/** How far a run is. */
export interface Progress {
  /** 0 to 1. */
  readonly done: number;
  readonly text: string;
}

/** An error on its way between processes: its own fields, e.g. `code`, travel in `details`. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a finished run adds to the outcome. */
export interface RunFacts {
  /** Null where the experiment needs no quiet machine. */
  readonly gate: GateReading | null;
  readonly cpu: number;
  /** Largest share that the hypervisor took from a CPU while it ran. */
  readonly steal: number;
  readonly notes: Readonly<Record<string, string | number | boolean>>;
}

/** The last message of a child; one of these, then it ends. `missing`: this machine or user lacks what it takes. */
export type Ending =
  | { readonly type: "ok"; readonly outcome: unknown; readonly facts: RunFacts }
  | { readonly type: "refused"; readonly missing: boolean; readonly reason: string; readonly next: string }
  | { readonly type: "aborted" }
  | { readonly type: "failed"; readonly missing: boolean; readonly error: ErrorData };

export type ToParent = ({ readonly type: "progress" } & Progress) | Ending;
