// What notebook 11 says of halving the calls: first that the three ways are what their names say, counted by the kernel.
import { measure, outcomeOf, predict } from "ringside/measure";
import { kernels, threadId } from "ringside/sys";
import { countDuring } from "ringside/trace";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("calls-per-message");

const MESSAGES = 64;
/** A burst of 32 messages is followed by reading until nothing is there. */
const BURSTS = 2;

test.each([
  ["two calls", 2, 2, { sendto: 2 * MESSAGES, sendmmsg: 0 }],
  ["one call, two packets", 1, 2, { sendto: 0, sendmmsg: MESSAGES }],
  ["one call, one packet", 1, 1, { sendto: MESSAGES, sendmmsg: 0 }],
])("a message by %s takes these calls, and all of its packets arrive", async (_way, calls, packets, sent) => {
  const { counts } = await countDuring({ syscalls: { tids: [threadId()] } }, () =>
    kernels.sendMessage(MESSAGES, calls, packets),
  );
  const { sendto = 0, sendmmsg = 0, recvfrom = 0 } = counts.syscalls.byName;
  expect({ sendto, sendmmsg }).toEqual(sent);
  expect(recvfrom).toBe(packets * MESSAGES + BURSTS);
});

test("one call in place of two saves far more than a bare call, because a packet goes with it", async () => {
  const gate = { minIdle: 0, maxSteal: 1 };
  const result = await measure.callsPerMessage({ guess: predict(200, "ns"), gate, rounds: 12 });
  const { twoCalls, oneCall, saved, twoAgainstOne } = outcomeOf(result);
  expect(oneCall.ns).toBeLessThan(twoCalls.ns);
  expect(twoAgainstOne.n).toBe(12);
  expect(twoAgainstOne.verdict).not.toBe("contradicts"); // on a busy machine the noise can hide even this
  expect(twoAgainstOne.medianRatio).toBeGreaterThan(1.2);
  const crossing = outcomeOf(await measure.syscallCost({ guess: predict(200, "ns"), gate, rounds: 10 }));
  expect(saved.ns).toBeGreaterThan(2 * crossing.syscallGetppid.ns);
});

test("refuses a message of more calls than packets", () => {
  expect(() => kernels.sendMessage(1, 2, 1)).toThrow("EINVAL");
});
