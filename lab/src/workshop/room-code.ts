// The code that an instructor writes on the wall: short enough to type, without letters that look alike, and one of some
// 900 million. It only opens the door; whoever is inside has a secret of his own.

import { randomInt } from "node:crypto";
import { isSameSecret } from "../course/index.js";

/** Without 0 O, 1 I L, and U, which makes words. */
const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const HALF = 3;

/** A new code: `K7M-4QP`. */
export function newRoomCode(): string {
  const half = (): string => Array.from({ length: HALF }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  return `${half()}-${half()}`;
}

/** Whether somebody typed the code: small letters, spaces and dashes do not matter. */
export function isRoomCode(typed: string, code: string): boolean {
  return isSameSecret(bare(typed), bare(code));
}

function bare(text: string): string {
  return text.slice(0, 40).toUpperCase().replace(/[\s-]/g, "");
}
