// What a choice of programs for a card saves: the best one, by trying all, and those that known mistakes lead to.

/** A program that could go to the card. */
export interface OffloadCandidate {
  readonly name: string;
  readonly instructions: number;
  readonly mapBytes: number;
  /** What the card's driver objects to: 0, or it cannot go there. */
  readonly obstacles: number;
  /** Packets a second that the program sees. */
  readonly pps: number;
  /** ns that a core spends in the program, on each packet. */
  readonly programNs: number;
  /** ns that a core spends on a packet before its program; saved only where the packet ends on the card. */
  readonly driverNs: number;
  /** Share of its packets that end on the card, 0 to 1. */
  readonly endShare: number;
}

/** What a card has room for. */
export interface CardBudget {
  readonly instructions: number;
  readonly mapBytes: number;
}

/** Names the programs that go to the card, in any order. */
export type OffloadChooser = (
  candidates: readonly OffloadCandidate[],
  budget: CardBudget,
) => readonly string[];

/** ns of core time a second that a program saves. */
function saving({ pps, programNs, driverNs, endShare }: OffloadCandidate): number {
  return pps * (programNs + endShare * driverNs);
}

/** Whether programs fit a card together. */
export function fits(chosen: readonly OffloadCandidate[], { instructions, mapBytes }: CardBudget): boolean {
  const sum = (key: "instructions" | "mapBytes"): number =>
    chosen.reduce((total, each) => total + each[key], 0);
  return sum("instructions") <= instructions && sum("mapBytes") <= mapBytes;
}

/** ns of core time a second that programs save together. */
export const total = (chosen: readonly OffloadCandidate[]): number =>
  chosen.reduce((sum, each) => sum + saving(each), 0);

/** The best choice, by trying all. */
export function best(candidates: readonly OffloadCandidate[], budget: CardBudget): OffloadCandidate[] {
  const able = candidates.filter(({ obstacles }) => obstacles === 0);
  let found: OffloadCandidate[] = [];
  for (let mask = 0; mask < 2 ** able.length; mask++) {
    const chosen = able.filter((_, i) => (mask >> i) & 1);
    if (fits(chosen, budget) && total(chosen) > total(found)) found = chosen;
  }
  return found;
}

/** The choice that a known mistake leads to. */
function greedy(
  candidates: readonly OffloadCandidate[],
  budget: CardBudget,
  worth: (each: OffloadCandidate) => number,
): OffloadCandidate[] {
  const chosen: OffloadCandidate[] = [];
  const able = candidates.filter(({ obstacles }) => obstacles === 0).sort((a, b) => worth(b) - worth(a));
  for (const each of able) if (fits([...chosen, each], budget)) chosen.push(each);
  return chosen;
}

/** The programs of a choice, in one order whatever the choice's. */
export const names = (chosen: readonly OffloadCandidate[]): string =>
  chosen
    .map(({ name }) => name)
    .sort()
    .join(", ") || "none";

/** Names the known mistake that leads to a choice, if one does. */
export function diagnose(
  chosen: readonly OffloadCandidate[],
  candidates: readonly OffloadCandidate[],
  budget: CardBudget,
): string | undefined {
  const is = (other: readonly OffloadCandidate[]): boolean => names(chosen) === names(other);
  const allEnd = candidates.map((each) => ({ ...each, endShare: 1 }));
  if (is(best(allEnd, budget))) return "saves the driver for packets that go on";
  const perInstruction = (each: OffloadCandidate): number => saving(each) / each.instructions;
  return is(greedy(candidates, budget, saving)) || is(greedy(candidates, budget, perInstruction))
    ? "takes the best first"
    : undefined;
}
