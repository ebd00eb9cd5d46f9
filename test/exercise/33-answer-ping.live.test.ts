// The check of notebook 33 that asks Linux's own ping: it makes two hosts, and removes them. What the model calls wrong is
// tried on the real wire as well, so that the two cannot disagree.
import { type PingAnswerer, type PingRun, pingThrough } from "ringside/exercise";
import { openReceiver } from "ringside/xdp";
import { describe, expect, test } from "vitest";
import { namedAfter } from "../net/leftovers.js";
import { fixture } from "./fixtures/33-af-xdp/answer-ping.js";
import { testExercise } from "./fixtures/fixture.js";

testExercise(fixture);

const [solution] = Object.values(fixture.solutions);
const { wrongAnswers } = fixture;

async function ping(answer: PingAnswerer, count: number): Promise<PingRun> {
  const receiver = openReceiver({ ringSize: 16, frames: 8 });
  try {
    return await pingThrough(receiver, answer, count);
  } finally {
    receiver.close();
  }
}

describe("Linux's own ping", () => {
  test("takes every answer, and none of them comes from the host's own stack", async () => {
    const run = await ping(solution!, 20);
    expect(run.output).toContain("20 packets transmitted, 20 received, 0% packet loss");
    expect(run).toMatchObject({ sent: 20, received: 20, answered: 20, byStack: 0, failure: null });
    expect(run.ledger.equation).toBe(
      "fill 8 + kernel 0 + rx 0 + application 0 + tx 0 + completion 0 = 8 of 8 frames",
    );
  });

  test("never sees an answer whose checksum is wrong: its host counts and drops it", async () => {
    const run = await ping(wrongAnswers["mends no checksum"]!, 5);
    expect(run).toMatchObject({ sent: 5, received: 0, answered: 5, badChecksums: 5 });
  });

  test.each(["keeps the MAC addresses", "keeps the IP addresses", "sends from the frame's start"])(
    "takes nothing from a program that %s",
    async (mistake) => {
      expect(await ping(wrongAnswers[mistake]!, 3)).toMatchObject({ sent: 3, received: 0, answered: 3 });
    },
  );

  test.each([
    ["never reads the completion ring", "completion 8"],
    ["loses the sent frame", "fill 0"],
  ])("hears nothing more, after as many pings as frames, of a program that %s", async (mistake, left) => {
    const run = await ping(wrongAnswers[mistake]!, 12);
    expect(run).toMatchObject({ sent: 12, received: 8 });
    expect(run.ledger.equation).toContain(left);
  });

  test("is told of a program that throws, which is asked no further", async () => {
    let calls = 0;
    const run = await ping(() => {
      calls++;
      throw new Error("not today");
    }, 3);
    expect(run).toMatchObject({ sent: 3, received: 0, failure: "Error: not today" });
    expect(calls).toBe(1);
  });

  test("is not kept waiting by a loop over a ring that has no end", async () => {
    const run = await ping(({ rxRing }) => {
      for (;;) rxRing.peek(1);
    }, 3);
    expect(run.failure).toContain("does your loop end?");
  });

  test("leaves nothing behind", () => {
    expect(namedAfter(process.pid)).toEqual({ namespaces: [], folders: [] });
  });
});
