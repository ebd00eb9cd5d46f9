// What moving a program from a core to a card would bring: plain arithmetic over a few numbers, each of which may be doubted.
// What is measured here goes in; what is not, is an assumption with a name.

/** What the model is told. */
export interface OffloadAssumptions {
  /** Time that a core spends on a packet before the program is called, in ns: the driver. Saved only for packets that end on the card. */
  readonly driverNs: number;
  /** Time of the program itself, in ns. Saved for every packet. */
  readonly programNs: number;
  /** Share of the packets that end on the card: dropped, or sent back. 0 to 1. */
  readonly endShare: number;
  /** Packets a second that the card's processors manage. */
  readonly cardPps: number;
  /** Power that a busy core takes beyond an idle one, in W. */
  readonly coreWatts: number;
  /** Power that the programmable card takes beyond an ordinary one, in W. */
  readonly cardExtraWatts: number;
}

/** What comes out, for one rate. */
export interface OffloadBalance {
  readonly ratePps: number;
  /** Cores that are busy without the card's help, and with it. */
  readonly coresWithout: number;
  readonly coresWith: number;
  /** Power of these cores, and of what the card takes more, in W. */
  readonly wattsWithout: number;
  readonly wattsWith: number;
}

const NS_PER_S = 1e9;

/** ns of core time that the card saves for an average packet. */
export function savedNs({ driverNs, programNs, endShare }: OffloadAssumptions): number {
  return programNs + endShare * driverNs;
}

/** The balance at a rate. Packets beyond the card's own limit are the core's as before. @param ratePps 0 or more */
export function offloadBalance(assumptions: OffloadAssumptions, ratePps: number): OffloadBalance {
  const { driverNs, programNs, cardPps, coreWatts, cardExtraWatts } = assumptions;
  const onCard = Math.min(ratePps, cardPps);
  const coresWithout = (ratePps * (driverNs + programNs)) / NS_PER_S;
  const coresWith = coresWithout - (onCard * savedNs(assumptions)) / NS_PER_S;
  return {
    ratePps,
    coresWithout,
    coresWith,
    wattsWithout: coresWithout * coreWatts,
    wattsWith: coresWith * coreWatts + cardExtraWatts,
  };
}

/**
 * The rate from which on the card saves more power than it takes.
 *
 * @returns packets a second; `Infinity` where it never does: where it saves nothing, or its own limit comes first
 */
export function breakEvenPps(assumptions: OffloadAssumptions): number {
  const joulesEach = (savedNs(assumptions) / NS_PER_S) * assumptions.coreWatts;
  const rate = joulesEach > 0 ? assumptions.cardExtraWatts / joulesEach : Number.POSITIVE_INFINITY;
  return rate <= assumptions.cardPps ? rate : Number.POSITIVE_INFINITY;
}
