// The largest rate without loss (NDR) and with at most half a percent of it (PDR), by bisection: a trial at a rate in the
// middle says in which half the answer is. Trials lie, since one pause of the machine loses packets at any rate, so a rate
// fails only if it fails twice, and the answer must hold in further trials before it is given. Whoever asks twice, for none and
// for half a percent, need not try everything twice: the first search's trials narrow the second one's range.

/** What one trial at one rate brought. */
export interface Trial {
  readonly ratePps: number;
  /** Packets a second that were really offered: a source has its own limit. */
  readonly offeredPps: number;
  readonly offered: number;
  readonly lost: number;
}

/** What to look for. */
export interface SearchSpec {
  /** Share of the offered packets that may be lost: 0 for NDR, 0.005 for PDR. */
  readonly maxLoss: number;
  /** The range in which the answer lies, in packets a second. */
  readonly lowPps: number;
  readonly highPps: number;
  /** How exact the answer shall be, as a share: 0.02 is 2 %. */
  readonly precision: number;
  /** Trials in which the answer must hold. */
  readonly confirmations: number;
  /** Trials of an earlier search on the same path, which need not be made again. */
  readonly known?: readonly Trial[];
}

/** What was found. */
export interface FoundRate {
  /** 0 where even the lowest rate loses too much. */
  readonly ratePps: number;
  readonly maxLoss: number;
  /** Whether every confirming trial held. */
  readonly confirmed: boolean;
  /** What kept a higher rate from passing. */
  readonly limit: "loss" | "source" | "range";
  /** The trials made for it, without those already known. */
  readonly trials: readonly Trial[];
}

/** Where the answer lies, as far as is known. */
interface Range {
  /** The highest rate that passed; 0 where none did. */
  readonly low: number;
  /** The lowest that failed twice, and what kept it from passing; null where none did. */
  readonly high: number | null;
  readonly limit: FoundRate["limit"];
}

/** The source has offered a rate if it was at most so much below it. */
const OFFERED_SHARE = 0.97;

export const NDR: Pick<SearchSpec, "maxLoss"> = { maxLoss: 0 };
export const PDR: Pick<SearchSpec, "maxLoss"> = { maxLoss: 0.005 };

/**
 * Searches.
 *
 * @param run one trial at a rate
 * @throws RangeError for a range or precision in which there is nothing to search.
 */
export async function findRate(
  run: (ratePps: number) => Promise<Trial>,
  spec: SearchSpec,
): Promise<FoundRate> {
  checkSpec(spec);
  const trials: Trial[] = [];
  let { low, high, limit } = rangeAfter(spec);
  const passes = async (ratePps: number): Promise<boolean> => {
    const trial = await run(ratePps);
    trials.push(trial);
    const obstacle = obstacleIn(trial, spec);
    limit = obstacle ?? limit;
    return obstacle === null;
  };
  const passesOnce = async (ratePps: number): Promise<boolean> =>
    (await passes(ratePps)) || (await passes(ratePps));
  if (high === null && low < spec.highPps) {
    if (await passesOnce(spec.highPps)) low = spec.highPps;
    else high = spec.highPps;
  }
  if (high !== null) low = await bisect(passesOnce, { low, high }, spec);
  let confirmed = false;
  while (low > 0 && !confirmed) {
    confirmed = await holds(passes, low, spec.confirmations);
    if (confirmed) break;
    low *= 1 - spec.precision;
    if (low < spec.lowPps) low = 0;
  }
  return { ratePps: low, maxLoss: spec.maxLoss, confirmed, limit, trials };
}

/** What kept a trial from passing; null where it passed. */
function obstacleIn(
  { ratePps, offeredPps, offered, lost }: Trial,
  { maxLoss }: SearchSpec,
): "loss" | "source" | null {
  if (lost > maxLoss * offered) return "loss";
  return offeredPps < OFFERED_SHARE * ratePps ? "source" : null;
}

/** What the known trials leave to be searched. */
function rangeAfter(spec: SearchSpec): Range {
  const upwards = [...(spec.known ?? [])].sort((a, b) => a.ratePps - b.ratePps);
  const carried = upwards.filter((trial) => obstacleIn(trial, spec) === null).map(({ ratePps }) => ratePps);
  const failed = upwards.filter((trial) => obstacleIn(trial, spec) !== null);
  const again = failed.find(({ ratePps }, index) => index > 0 && failed[index - 1]!.ratePps === ratePps);
  if (again === undefined) return { low: carried.at(-1) ?? 0, high: null, limit: "range" };
  const high = again.ratePps;
  return { low: carried.findLast((rate) => rate < high) ?? 0, high, limit: obstacleIn(again, spec)! };
}

/** The highest rate that passed, between one that did and one that does not; 0 where the lowest does not. */
async function bisect(
  passes: (ratePps: number) => Promise<boolean>,
  range: { readonly low: number; readonly high: number },
  { lowPps, precision }: SearchSpec,
): Promise<number> {
  let { low, high } = range;
  while (high > lowPps && high - low > precision * high) {
    const middle = low === 0 ? Math.max(lowPps, high / 2) : (low + high) / 2;
    if (await passes(middle)) low = middle;
    else if (middle === lowPps) return 0;
    else high = middle;
  }
  return low;
}

async function holds(
  passes: (ratePps: number) => Promise<boolean>,
  ratePps: number,
  times: number,
): Promise<boolean> {
  for (let i = 0; i < times; i++) if (!(await passes(ratePps))) return false;
  return true;
}

function checkSpec({ lowPps, highPps, precision, maxLoss }: SearchSpec): void {
  if (!(lowPps >= 1 && highPps > lowPps)) {
    throw new RangeError(
      `Cannot search from ${lowPps} to ${highPps} packets a second: no range above 1 -> try 1000 to 5000000`,
    );
  }
  if (!(precision > 0 && precision < 1 && maxLoss >= 0 && maxLoss < 1)) {
    throw new RangeError(
      `Cannot search to ${precision} with a loss of ${maxLoss}: both are shares below 1 -> try 0.02 and 0.005`,
    );
  }
}
