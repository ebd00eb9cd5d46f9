// Where packets were lost at the largest load, and whose figures are void because some of them neither came nor were lost at a hop
// that has a name. A rate is only as good as its accounts.
import { formatCount } from "../base/index.js";
import type { PathOutcome } from "../measure/index.js";

type Accounts = Pick<PathOutcome, "title"> & {
  readonly max: Pick<PathOutcome["max"], "offered" | "received" | "losses" | "unaccounted">;
};

/** Whether each packet of the largest load came or was lost at a named hop: if not, the path has no figures. */
export function isAccountedFor({ max: { unaccounted } }: Accounts): boolean {
  return unaccounted === 0;
}

/** A line for each path whose figures are void. */
export function voidLines(paths: readonly Accounts[]): string[] {
  return paths
    .filter((path) => !isAccountedFor(path))
    .map(({ title, max: { unaccounted, offered } }) => {
      const many = formatCount(Math.abs(unaccounted));
      const what =
        unaccounted > 0
          ? `${many} of ${formatCount(offered)} packets neither came nor were lost at a named hop`
          : `${many} packets more than the ${formatCount(offered)} offered came or were counted as lost`;
      return `${title}: no figures: ${what} -> run it again; if it stays, a hop's counter is missing or wrong`;
    });
}

/** What each hop took of what was offered, of the paths that lost any; first a line that says so. */
export function lossLines(paths: readonly Accounts[]): string[] {
  const lost = paths.filter(({ max: { losses } }) => losses.length > 0);
  if (lost.length === 0) return ["at the largest load no path lost a packet"];
  return [
    "lost at the largest load, by hop, of what was offered:",
    ...lost.map(({ title, max: { offered, losses } }) => {
      const hops = losses.map(
        ({ hop, packets }) => `${hop} ${((100 * packets) / offered).toFixed(1)} % (${formatCount(packets)})`,
      );
      return `${title}: ${hops.join("; ")}; of ${formatCount(offered)}`;
    }),
  ];
}
