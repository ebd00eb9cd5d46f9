// What is said between a process and its RDMA target. RDMA itself has no words for it: who may write where must be told by other means.
import type { RdmaCompletion } from "./completion.js";
import type { RdmaEnd } from "./end.js";
import type { RemoteRight } from "./region.js";
import type { RdmaPeer } from "./state.js";

/** A part of the target's region. */
interface Part {
  readonly at: number;
  readonly bytes: number;
}

/** What the target is asked to do; it answers each in turn. */
export type FarQuestion =
  | {
      readonly ask: "open";
      readonly device: string;
      readonly address: string;
      readonly bytes: number;
      readonly rights: readonly RemoteRight[];
    }
  | { readonly ask: "connect"; readonly peer: RdmaPeer }
  | ({ readonly ask: "receive" | "send"; readonly id: number } & Part)
  | { readonly ask: "poll"; readonly forMs: number }
  | { readonly ask: "bytes"; readonly at: number; readonly count: number }
  /** Answers at once, then echoes so many datagrams by a socket, and hears nothing meanwhile. */
  | { readonly ask: "echo"; readonly end: RdmaEnd; readonly peer: string; readonly count: number };

/** What it answers: only the fields that the question asks for. */
export interface FarAnswer {
  readonly address?: number;
  readonly remoteKey?: number;
  readonly number?: number;
  readonly completion?: RdmaCompletion | null;
  readonly bytes?: readonly number[];
  /** Why it could not. */
  readonly refused?: string;
}
