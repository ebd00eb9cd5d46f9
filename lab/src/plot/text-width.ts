// An SVG cannot ask how wide its text will be: the reader's machine picks the font. We reckon with the widths of
// DejaVu Sans, the widest of the fonts we name, so elsewhere there is only more room.

import { formatCompact, formatNumber } from "./quantity.js";

// Advance widths of the characters from space to tilde, in hundredths of the font size (DejaVu Sans 2.37).
const WIDTHS: readonly number[] = [
  32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34,
  34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73,
  68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63,
  63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];

/** The space between groups of digits. */
const NARROW_SPACE = 0x202f;

/** How text is set. */
export interface TextStyle {
  /** Font size in pixels. */
  readonly size: number;
  readonly bold?: boolean;
}

/** Width in pixels that text needs at most. Characters outside ASCII count as wide ones. */
export function textWidth(text: string, { size, bold = false }: TextStyle): number {
  let hundredths = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    hundredths += WIDTHS[code - 32] ?? (code === NARROW_SPACE ? 20 : code < 0x2e80 ? 84 : 105);
  }
  return (hundredths / 100) * size * (bold ? 1.14 : 1);
}

/** Cuts text to a width, ending in "…" where something was left off. */
export function fitText(text: string, width: number, style: TextStyle): string {
  if (textWidth(text, style) <= width) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join("")}…`, style) > width) characters.pop();
  return `${characters.join("").replace(/[\s…]+$/, "")}…`;
}

/** Writes a count to its last digit, or short where that is too wide: cut off in the middle it would be another number. */
export function fitCount(count: number, words: string, width: number): string {
  const exact = `${formatNumber(count)}${words}`;
  return textWidth(exact, { size: 13, bold: true }) <= width ? exact : `${formatCompact(count)}${words}`;
}

/**
 * Breaks text into lines at spaces.
 *
 * @param width pixels a line may take
 * @param maxLines the last line is cut with "…" where the text is longer
 */
export function wrapText(text: string, width: number, style: TextStyle, maxLines: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const { word, glue } of breakable(text, width, style)) {
    const longer = `${line}${line === "" ? "" : glue}${word}`;
    if (line === "" || textWidth(longer, style) <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  const kept = lines.slice(0, maxLines);
  if (lines.length > maxLines) kept[maxLines - 1] += "…";
  return kept.map((each) => fitText(each, width, style));
}

/** Splits text at spaces, and words that are too wide after `_`, `/` and `-`, as in SKB_DROP_REASON_NO_SOCKET. */
function breakable(text: string, width: number, style: TextStyle): { word: string; glue: string }[] {
  return text.split(/\s+/).flatMap((word) => {
    const parts = textWidth(word, style) > width ? (word.match(/[^_/-]+[_/-]*|[_/-]+/g) ?? [word]) : [word];
    return parts.map((part, i) => ({ word: part, glue: i === 0 ? " " : "" }));
  });
}

/**
 * Moves labels apart along one direction so that none covers another, each as little as possible.
 *
 * @param wanted where each label would like to be, in any order
 * @param gap least distance between two labels
 * @param low and high: the room there is; where it is too small the labels start at low and go on past high
 * @returns Positions in the order of `wanted`.
 */
export function spreadLabels(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((i, j) => wanted[i] - wanted[j]);
  const placed = wanted.slice();
  let edge = low;
  for (const i of order) {
    placed[i] = Math.max(placed[i], edge);
    edge = placed[i] + gap;
  }
  edge = high;
  for (const i of order.reverse()) {
    placed[i] = Math.max(low, Math.min(placed[i], edge));
    edge = placed[i] - gap;
  }
  return edge + gap < low || placed.length === 0 ? packed(order.reverse(), gap, low) : placed;
}

function packed(order: readonly number[], gap: number, low: number): number[] {
  const placed: number[] = [];
  order.forEach((i, rank) => {
    placed[i] = low + rank * gap;
  });
  return placed;
}
