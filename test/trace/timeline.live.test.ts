import { measure, outcomeOf, predict } from "ringside/measure";
import { threadId } from "ringside/sys";
import { recordTimeline, type TimelineEvent } from "ringside/trace";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("timeline");

const named = (events: readonly TimelineEvent[], name: string): TimelineEvent[] =>
  events.filter((event) => event.kind === "call" && event.name === name);

test("writes down the calls of the watched pieces alone, with their results", () => {
  const events = recordTimeline({ tids: [threadId()], namespaces: [] }, (watchCalls) => {
    process.chdir("."); // not watched
    watchCalls(() => process.umask(0o022));
  });
  expect(named(events, "chdir")).toEqual([]);
  expect(events.filter(({ kind }) => kind === "state")).toEqual([]);
});

test("an exchange over TCP is fourteen calls, and its two ends walk through RFC 9293's states", async () => {
  const result = await measure.socketExchange({ guess: predict(14, "calls") });
  const { calls, states, echoedBytes } = outcomeOf(result);
  expect(calls.map(({ who, name }) => `${who} ${name}`)).toEqual([
    "server socket",
    "server bind",
    "server listen",
    "client socket",
    "client connect",
    "server accept4",
    "client sendmsg",
    "server recvmsg",
    "server sendmsg",
    "client recvmsg",
    "client close",
    "server recvmsg",
    "server close",
    "server close",
  ]);
  expect(echoedBytes).toBe(32);
  const walk = (who: string): string[] => states.filter((state) => state.who === who).map(({ to }) => to);
  expect(walk("client")).toEqual(["SYN-SENT", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE"]);
  expect(walk("server")).toEqual(["SYN-RECEIVED", "ESTABLISHED", "CLOSE-WAIT", "LAST-ACK", "CLOSE"]);
  expect(walk("listener")).toEqual(["LISTEN", "CLOSE"]);
});

test("UDP has no states, and a message is two calls whatever the protocol", async () => {
  const guess = predict(48, "calls");
  const outcome = outcomeOf(await measure.socketExchange({ guess, protocol: "UDP", questions: 10 }));
  expect(outcome).toMatchObject({ data: 40, control: 8, states: [], echoedBytes: 320 });
});

test("refuses a number of questions that is none", async () => {
  await expect(measure.socketExchange({ guess: predict(1, "calls"), questions: 0 })).rejects.toThrow(
    "Cannot exchange 0 questions: it takes a whole number from 1 to 100 -> try 1",
  );
});
