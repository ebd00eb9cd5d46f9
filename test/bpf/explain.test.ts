import { explainRefusal } from "ringside/bpf";
import { describe, expect, test } from "vitest";
import { ENDLESS, MOVED, NO_CHECK, TOO_FEW } from "./refusal-logs.js";

const answerTo = (log: string, question: string): string | undefined =>
  explainRefusal(log).answers.find((each) => each.question === question)?.answer;

describe("a refusal at the packet's bounds", () => {
  test("names the C line, the register, and that no byte was proven", () => {
    const { rule, line, source, access } = explainRefusal(NO_CHECK);
    expect(rule).toBe("packet bounds");
    expect([line, source]).toEqual([8, "return eth->h_proto == bpf_htons(ETH_P_IP);"]);
    expect(access).toEqual({ register: "r1", offset: 12, sizeBytes: 1, provenBytes: 0, moves: false });
    expect(answerTo(NO_CHECK, "What did the verifier know?")).toBe(
      "r1 points into the packet: 0 bytes proven readable from there. The line wants byte 12, counted from 0.",
    );
  });

  test("tells a proof that ends too early from none", () => {
    expect(explainRefusal(TOO_FEW).access).toMatchObject({ offset: 16, sizeBytes: 2, provenBytes: 14 });
    expect(answerTo(TOO_FEW, "What did the verifier know?")).toContain("14 bytes proven");
    expect(answerTo(TOO_FEW, "What did the verifier know?")).toContain("bytes 16 to 17");
  });

  test("says that a pointer which moved has lost its proof", () => {
    expect(explainRefusal(MOVED).access?.moves).toBe(true);
    expect(answerTo(MOVED, "What to compare with what?")).toContain(
      "before the pointer moved counts no more",
    );
  });

  test("says what to compare with what, and does not write the comparison", () => {
    const { answers } = explainRefusal(NO_CHECK);
    expect(answers.at(-1)?.answer).toContain("data_end");
    for (const { answer } of answers) expect(answer).not.toMatch(/if \(|sizeof|eth \+ 1/);
  });

  test("shows the end of the log, down to the kernel's summary", () => {
    const { log } = explainRefusal(TOO_FEW);
    expect(log.split("\n").length).toBeLessThanOrEqual(8);
    expect(log).toContain("invalid access to packet, off=16 size=2");
  });
});

describe("a refusal that the lab has no words for", () => {
  const FUTURE = ENDLESS.replace("infinite loop detected at insn 0", "R7 is out of tune");

  test("says so, and shows the whole log", () => {
    const { rule, access, log } = explainRefusal(FUTURE);
    expect([rule, access]).toEqual(["unknown", null]);
    expect(log).toBe(FUTURE.trim());
    expect(answerTo(FUTURE, "In the kernel's words")).toBe("R7 is out of tune");
    expect(answerTo(FUTURE, "What does that mean?")).toContain("does not know this refusal");
  });

  test("survives an empty log", () => {
    expect(explainRefusal("")).toMatchObject({ rule: "unknown", source: "", line: null });
  });
});
