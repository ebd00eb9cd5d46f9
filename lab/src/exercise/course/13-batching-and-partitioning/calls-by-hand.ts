// Calls by hand: what does a connection cost its server in system calls, and what does each further question? The answer is
// data; the judge is the kernel, which counts the calls of the course's own servers anew.
import { callsOfAConnection } from "../../../measure/index.js";
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../../types.js";
import { describeValue } from "../../values.js";

/** Calls of one connection: `connection + question × questions`. */
export interface CallCost {
  /** Made once for each connection. */
  connection: number;
  /** Made once for each question on it. */
  question: number;
}

/** A cost for each of three servers, with one connection open at a time. */
export type CallCosts = Readonly<Record<"oneByOne" | "epoll" | "ioUring", CallCost>>;

interface Run {
  readonly design: keyof CallCosts;
  readonly cost: CallCost;
}

const DESIGNS: Readonly<Record<keyof CallCosts, string>> = {
  oneByOne: "accept, then recv and send for each question, then close",
  epoll: "epoll_wait before each step; accept, and epoll_ctl for the new connection; recv, send; close",
  ioUring:
    "a multishot accept that was submitted long ago; io_uring_enter submits what is queued and waits for one completion",
};

/** Which mistake says this, if only one does. */
function mistakeIn({ design, cost: { connection, question } }: Run): string | undefined {
  if (design === "oneByOne" && connection === 1 && question === 2) return "forgets the close";
  if (design === "epoll" && connection === 3 && question === 3) return "forgets epoll_ctl";
  if (design === "epoll" && question === 2) return "waits once a connection";
  if (design === "ioUring" && question >= 2) return "counts requests in place of calls";
  return undefined;
}

async function judge(run: Run, questions: number): Promise<Outcome> {
  const counted = await callsOfAConnection(run.design, questions);
  const said = run.cost.connection + run.cost.question * questions;
  if (said === counted) return saw(`${counted} calls`);
  // The kernel's count is the answer, so it is not told.
  const expected = `what the kernel counts for a connection with ${questions} question${questions > 1 ? "s" : ""}`;
  return mismatch(expected, `says ${said} calls`, mistakeIn(run));
}

const scenarios: Scenario<CallCosts>[] = Object.entries(DESIGNS).map(([name, what]) => {
  const design = name as keyof CallCosts;
  return scenario<CallCosts, Run>({
    name: design,
    given: what,
    start: (mine) => ({ design, cost: mine[design] }),
    steps: [1, 3].map((questions) => ({
      action: `serve 50 connections of ${questions} question${questions > 1 ? "s" : ""}, one after the other`,
      play: (run) => judge(run, questions),
      limitMs: 20_000,
    })),
  });
});

function isCost(value: unknown): value is CallCost {
  const { connection, question } = (value ?? {}) as Partial<CallCost>;
  return [connection, question].every((count) => Number.isInteger(count) && count! >= 0);
}

/** Notebook 13: `check("13-batching-and-partitioning/calls-by-hand", costs)`. */
export const callsByHand: Exercise<CallCosts> = {
  id: "13-batching-and-partitioning/calls-by-hand",
  title: "Calls by hand",
  points: 3,
  starterSteps: 0,
  needs: ["tp_btf"],
  refuses: (mine) => {
    if (process.getuid?.() !== 0)
      return "calls-by-hand: the judge is the kernel, and counting needs root -> start the notebooks as root, or go on with the next exercise";
    const given = mine as Partial<CallCosts> | null | undefined;
    const missing = Object.keys(DESIGNS).find((name) => !isCost(given?.[name as keyof CallCosts]));
    return missing === undefined
      ? null
      : `calls-by-hand: expected ${missing}: { connection, question } in whole numbers, your code handed in ${describeValue(given?.[missing as keyof CallCosts])}`;
  },
  hints: [
    "write down every call that the server makes for one connection with one question, in order. Which would a second question repeat?",
    "two measured counts settle it: those with one question and with two differ by the calls of a question.",
    "under io_uring only io_uring_enter is a call. It comes back when something has completed: a new connection, or a question that was read. Writes and closes are submitted and never waited for.",
  ],
  wrongAnswers: [
    {
      name: "forgets the close",
      hint: "the server must give the descriptor back: which call ends a connection?",
    },
    {
      name: "forgets epoll_ctl",
      hint: "epoll watches only what it was told to watch. How does it hear of a new connection?",
    },
    {
      name: "waits once a connection",
      hint: "with one connection at a time nothing else is ready when a question was answered: what does an event loop do before it can read the next?",
    },
    {
      name: "counts requests in place of calls",
      hint: "reads, writes and closes are entries of a ring in memory. Count how often the server enters the kernel: it does so only when it has nothing left to do.",
    },
  ],
  scenarios,
};
