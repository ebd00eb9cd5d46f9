// The field's words, one a line of `notebooks/glossary.md`, which is also readable by itself:
//
//   - **skb**, socket buffer: the kernel's file card for a packet ...

import { existsSync, readFileSync } from "node:fs";
import type { Term } from "./protocol.js";

/** @returns the terms; none where there is no file */
export function readGlossary(path: string): Term[] {
  return existsSync(path) ? parseGlossary(readFileSync(path, "utf8")) : [];
}

/** Reads lines such as `- **fill ring**, fillRing: carries empty frames to the kernel.` */
export function parseGlossary(text: string): Term[] {
  return [...text.matchAll(/^- \*\*(.+?)\*\*(?:, ([^:]+))?: (.+)$/gm)].map(([, word, others, meaning]) => ({
    words: [word!, ...(others?.split(", ") ?? [])],
    meaning: meaning!.trim(),
  }));
}
