// What the model of a many-core server is fed. Costs are measured on this machine where that is possible; what cannot be
// measured here is an assumption, and whoever draws the model says so.

/** Costs of one short connection, in nanoseconds. */
export interface AcceptCosts {
  /** Work on the core of the flow: its packets, the handshake, and the client where it shares the machine. */
  readonly flowNs: number;
  /** Work of the server's thread: accept, read, write, close. */
  readonly serverNs: number;
  /** What the server's work costs more where its core is not that of the flow. */
  readonly remoteNs: number;
  /** How long the lock of a shared listener is held, once for the handshake and once for accept. */
  readonly lockNs: number;
  /** What handing that lock to another core costs, for each core that waits for it. */
  readonly handoverNs: number;
}

/**
 * Who takes a connection.
 *
 * - `shared`: one queue and one lock; whichever core is free.
 * - `hash`: a queue for each core; the kernel draws one, whatever the flow's core.
 * - `byCore`: the queue of the flow's core, and nobody else's.
 * - `steal`: as `byCore`, and a core without enough to do takes from another by Affinity-Accept's rule.
 */
export type AcceptPolicy = "shared" | "hash" | "byCore" | "steal";

/** What to simulate. */
export interface AcceptModel {
  readonly policy: AcceptPolicy;
  readonly costs: AcceptCosts;
  /** Connections that are always open, by the core of their flow: one number for each core. */
  readonly flows: readonly number[];
  /** How many connections to serve, 1000 or more for a steady figure. */
  readonly connections: number;
  readonly seed: number;
}

/** What came of it. */
export interface AcceptModelOutcome {
  readonly connectionsPerSecond: number;
  /** Share of connections that were served on the core of their flow, 0 to 1. */
  readonly onCore: number;
  /** Share of all cores' time that was spent waiting for the lock. */
  readonly waiting: number;
  /** Share of all cores' time without anything to do. */
  readonly idle: number;
}
