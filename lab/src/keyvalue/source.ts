import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The C text of the cache: for a notebook to show, or to begin a program with.
 *
 * @param part `message`: the protocol, and what finds a message in a frame (kv_message.h); `cache`: the program (kv_cache.bpf.c)
 */
export function kvSource(part: "message" | "cache"): string {
  const file = part === "message" ? "kv_message.h" : "kv_cache.bpf.c";
  return readFileSync(fileURLToPath(new URL(`../../../kernels/bpf/${file}`, import.meta.url)), "utf8");
}
