// Affinity-Accept's rule (Pesterev et al., EuroSys 2012, section 3): connections stay on the core of their flow, yet no core may idle
// while another has too many. A core with a queue that has grown too long is *busy*; it never takes from others. One that is not
// takes now and then one connection of a busy core between its own, and any at all where it has none of its own. The rule is the
// paper's; how often "now and then" is, and how long "too long" (accept-machine.ts), are numbers that this model chose.

/** Connections of its own that a core takes for each one it takes from a busy core. Our choice. */
export const LOCAL_PER_STOLEN = 5;

/** What a core sees when it looks for its next connection. */
export interface StealView {
  /** The core that looks. */
  readonly core: number;
  /** Connections that wait in each core's queue. */
  readonly waiting: readonly number[];
  /** Cores whose queue has grown too long. */
  readonly busy: readonly boolean[];
  /** Connections of its own that this core has taken since it last took one of another's. */
  readonly ownSinceStolen: number;
}

/** The core from whose queue to take, or null where nothing may be taken. */
export type StealChoice = number | null;

/** Chooses the queue to take from. Of several others the next one after this core, so that not all take from the same. */
export function stealRule({ core, waiting, busy, ownSinceStolen }: StealView): StealChoice {
  const own = waiting[core]! > 0 ? core : null;
  if (busy[core]) return own;
  const others = waiting.map((_, i) => (core + 1 + i) % waiting.length).filter((other) => other !== core);
  const victim = others.find((other) => busy[other] && waiting[other]! > 0);
  if (victim !== undefined && (own === null || ownSinceStolen >= LOCAL_PER_STOLEN)) return victim;
  return own ?? others.find((other) => waiting[other]! > 0) ?? null;
}
