// What clients ask for. Few keys are asked for often and many seldom: that is why a small cache helps.
import type { Random } from "../stats/index.js";

/** One request of a load. */
export interface KvAsk {
  readonly op: "get" | "put";
  readonly key: number;
}

/** Requests that repeat in turn. */
export const KV_SCHEDULE_SLOTS = 65_536;

/** What to draw. */
export interface KvScheduleSpec {
  /** Keys 0 to `hot - 1` are cached. */
  readonly hot: number;
  /** Keys `hot` to `keys - 1` are not. */
  readonly keys: number;
  /** Of the GETs, those for a hot key; 0 to 1. */
  readonly hitShare: number;
  /** Of all requests, PUTs, for any key; 0 unless given. */
  readonly putShare?: number;
}

/** Draws a schedule in which exactly the given shares are hits and PUTs, in random order. */
export function hotAndColdKeys(
  { hot, keys, hitShare, putShare = 0 }: KvScheduleSpec,
  random: Random,
): KvAsk[] {
  const puts = Math.round(putShare * KV_SCHEDULE_SLOTS);
  const hits = Math.round(hitShare * (KV_SCHEDULE_SLOTS - puts));
  const draw = (from: number, to: number): number => from + Math.floor(random() * (to - from));
  const asks = Array.from({ length: KV_SCHEDULE_SLOTS }, (_, slot): KvAsk => {
    if (slot < puts) return { op: "put", key: draw(0, keys) };
    return { op: "get", key: slot < puts + hits ? draw(0, hot) : draw(hot, keys) };
  });
  for (let i = asks.length - 1; i > 0; i--) {
    const j = draw(0, i + 1);
    [asks[i], asks[j]] = [asks[j]!, asks[i]!];
  }
  return asks;
}
