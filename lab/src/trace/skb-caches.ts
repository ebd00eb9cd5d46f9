// Which slab caches hold socket buffers on this machine. The kernel merges caches of like size: then two names share
// one cache, and its events carry the name of whoever came first. /sys/kernel/slab shows merged caches as links.
import { accessSync, constants, readdirSync, readFileSync, readlinkSync } from "node:fs";

const SLAB = "/sys/kernel/slab";

/** What each cache holds, in the order they are shown. @source net/core/skbuff.c, `skb_init` */
const CONTENT: Readonly<Record<string, string>> = {
  skbuff_head_cache: "struct sk_buff, one for each packet",
  skbuff_fclone_cache: "two struct sk_buff side by side, for TCP's packet and its clone",
  skbuff_small_head: "the bytes of a small packet",
};

/** A cache that socket buffers come from. */
export interface SkbCache {
  readonly name: string;
  /** What one object is, in words. */
  readonly holds: string;
  readonly objectBytes: number;
  /** Every name of the merged cache, its own among them. Events carry one of these. */
  readonly sharedWith: readonly string[];
}

/**
 * The skb caches of the running kernel.
 *
 * @param slab the folder to read; another one only in tests
 * @returns Those that exist; none where the kernel does not show /sys/kernel/slab, or shows it to root alone.
 */
export function skbCaches(slab: string = SLAB): SkbCache[] {
  const target = linksOf(slab);
  return Object.entries(CONTENT)
    .filter(([name]) => target.has(name) && mayRead(`${slab}/${name}/object_size`))
    .map(([name, holds]) => ({
      name,
      holds,
      objectBytes: Number(readFileSync(`${slab}/${name}/object_size`, "utf8")),
      sharedWith: [...target.keys()].filter((other) => target.get(other) === target.get(name)).sort(),
    }));
}

function mayRead(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** Name to the cache behind it, without the unnamed originals such as `:0000512`. */
function linksOf(slab: string): ReadonlyMap<string, string> {
  try {
    const entries = readdirSync(slab, { withFileTypes: true });
    return new Map(
      entries
        .filter(({ name }) => !name.startsWith(":"))
        .map((entry) => [
          entry.name,
          entry.isSymbolicLink() ? readlinkSync(`${slab}/${entry.name}`) : entry.name,
        ]),
    );
  } catch {
    return new Map();
  }
}
