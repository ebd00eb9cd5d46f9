// The exact facts that notebook 10 stands on; what an exchange over TCP is, call by call, is in test/trace/timeline.live.test.ts.
import {
  exchangeCalls,
  exchangeWalks,
  measure,
  outcomeOf,
  predict,
  type SocketExchangeOutcome,
  type SocketExchangeParams,
} from "ringside/measure";
import { describe, expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("posix-sockets");

async function exchange(params: SocketExchangeParams): Promise<SocketExchangeOutcome> {
  return outcomeOf(await measure.socketExchange({ ...params, guess: predict(1, "calls") }));
}

describe.each([
  { protocol: "TCP", control: 10 },
  { protocol: "UDP", control: 8 },
] as const)("over $protocol", ({ protocol, control }) => {
  test.each([1, 10])(
    "%i questions take four data calls each, and the control plane is paid once",
    async (questions) => {
      const outcome = await exchange({ protocol, questions });
      expect(outcome).toMatchObject({ control, data: 4 * questions, echoedBytes: 32 * questions });
      const messages = exchangeCalls(outcome).filter(({ sends }) => sends);
      expect(messages.map(({ side, result }) => `${side} ${result}`)).toEqual(
        Array.from({ length: questions }, () => ["left 32", "right 32"]).flat(),
      );
    },
  );
});

test("connect takes both ends to ESTABLISHED before the server accepts", async () => {
  const outcome = await exchange({ protocol: "TCP", questions: 1 });
  const calls = exchangeCalls(outcome);
  const after = (name: string): string[] =>
    calls.find((call) => call.name === name)!.changes!.map(({ side, text }) => `${side} ${text}`);
  expect(after("listen")).toEqual(["right listener LISTEN"]);
  expect(after("connect").sort()).toEqual([
    "left ESTABLISHED",
    "left SYN-SENT",
    "right ESTABLISHED",
    "right SYN-RECEIVED",
  ]);
  expect(after("accept4")).toEqual([]);
  const orders = exchangeWalks(outcome).flatMap(({ moves }) => moves.map(({ order }) => order));
  expect(orders.sort((a, b) => a - b)).toEqual(outcome.states.map((_, i) => i + 1));
});
