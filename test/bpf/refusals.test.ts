// Each refusal that is kept is explained: its log, as Linux 6.18 wrote it, leads to the rule that was broken.
import { explainRefusal } from "ringside/bpf";
import { describe, expect, test } from "vitest";
import { keptLog, REFUSALS, sourceOf } from "./provoke.js";

/** Which rule each one breaks. */
const RULE: Readonly<Record<string, string>> = {
  "argument-after-call": "lost over a call",
  "argument-size": "size of an argument",
  "argument-type": "type of an argument",
  "argument-unbounded-size": "size without bounds",
  "atomic-on-packet": "atomic change outside of maps",
  "branch-into-constant": "jump into a constant",
  "context-bounds": "context field",
  "context-moved": "moved context",
  "context-write": "context write",
  "division-by-zero": "division by zero",
  "end-as-pointer": "the end as an address",
  "end-moved": "moved end",
  "endless-loop": "endless loop",
  "foreign-helper": "helper of other programs",
  "frame-pointer-write": "frame pointer",
  "gpl-helper": "licence",
  "half-a-pointer": "half a pointer",
  "jump-out-of-range": "jump out of the program",
  "loop-too-long": "too much to walk",
  "map-value-bounds": "map value bounds",
  "map-value-index-negative": "index without bounds",
  "map-value-index-too-large": "map value index",
  "map-value-index-unbounded": "index without bounds",
  "maybe-null-arithmetic": "moved before the question",
  "no-answer": "no answer",
  "no-end": "no end",
  "null-map-value": "null map value",
  "number-as-pointer": "number as an address",
  "packet-bounds": "packet bounds",
  "packet-bounds-write": "packet bounds",
  "packet-moved": "pointer from before a move",
  "packet-unbounded-index": "index without bounds",
  "pointer-answer": "address given away",
  "pointer-plus-pointer": "sum of two pointers",
  "pointer-times-two": "arithmetic on a pointer",
  "read-only-data": "read-only data",
  "reference-leak": "something kept",
  "reserved-field": "reserved field",
  "shift-too-far": "shift too far",
  "stack-above": "above the stack",
  "stack-combined": "stacks together",
  "stack-misaligned": "stack alignment",
  "stack-too-deep": "below the stack",
  "swap-width": "reserved field",
  "too-many-frames": "functions too deep",
  "uninitialised-register": "uninitialised register",
  "unknown-helper": "no such helper",
  "unknown-opcode": "no such instruction",
  "unreachable-code": "unreachable code",
  "wrong-map-for-helper": "wrong map for a helper",
};

/** What the verifier knew, for those where it is worth a look. */
const KNEW: Readonly<Record<string, string>> = {
  "null-map-value": "r0 points to a value of map values, or is NULL: nobody asked yet.",
  "number-as-pointer": "r1 is a number from 0 to 0xffffffff.",
  "pointer-plus-pointer":
    "r1 points into the packet, 0 bytes proven readable; r2 points to the packet's end.",
  "map-value-index-too-large": "r0 points to a value of map values; it has 16 bytes.",
  "map-value-index-negative":
    "r0 points to a value of map values; it has 16 bytes; r2 is a number that may be negative, and may be as large as 0x7ffffffffffffffc.",
  "read-only-data": "r1 points to a value of the global data .rodata; it has 4 bytes; r2 is the number 5.",
  "uninitialised-register": "r2 holds nothing that the program put there.",
  "context-moved": "r1 points to the context, struct xdp_md at offset 4.",
};

const answer = (name: string, question: string): string | undefined =>
  explainRefusal(keptLog(name)).answers.find((each) => each.question.startsWith(question))?.answer;

describe("the kept refusals", () => {
  test("are those of the table, and break more than 25 different rules", () => {
    expect(REFUSALS).toEqual(Object.keys(RULE).sort());
    expect(new Set(Object.values(RULE)).size).toBeGreaterThan(25);
  });

  test.each(REFUSALS)("%s is explained", (name) => {
    const { rule, source, line, answers } = explainRefusal(keptLog(name));
    expect(rule).toBe(RULE[name]);
    expect(answers.map(({ question }) => question).slice(-2)).toEqual([
      "Which rule is broken?",
      "What to compare with what?",
    ]);
    const text = sourceOf(name);
    if (line !== null) expect(text!.split("\n")[line - 1]!.trim()).toBe(source);
    else if (text !== null) expect(name).toBe("stack-combined"); // the log of this one names no place at all
  });

  test.each(REFUSALS)("%s is told without the C that would mend it", (name) => {
    const words = explainRefusal(keptLog(name)).answers.slice(-2);
    for (const each of words) expect(each.answer).not.toMatch(/if \(|return |[;{}]$|\+ 1\b|sizeof/);
  });

  test.each(Object.entries(KNEW))("%s: what the verifier knew, in words", (name, words) => {
    expect(answer(name, "What did the verifier know?")).toBe(words);
  });
});
