// An echo server within a budget of system calls: right answers are half of it, the kernel counts the other half.
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../types.js";
import { describeValue } from "../values.js";
import { type Served, serveOneClient } from "./10-posix-sockets/served-client.js";
import type { EchoServer } from "./10-posix-sockets/server-calls.js";

interface Run {
  readonly mine: EchoServer;
  readonly questions: readonly Uint8Array[];
  served?: Served;
}

/** One accept, a receive and a send for each question, a receive that says "closed", and the close. */
function budgetOf(questions: number): Served["counts"] {
  return { accept4: 1, poll: 0, recvmsg: questions + 1, sendmsg: questions, close: 1 };
}

function inWords(counts: Served["counts"]): string {
  const made = Object.entries(counts).filter(([, count]) => count > 0);
  const total = made.reduce((sum, [, count]) => sum + count, 0);
  return `${total} calls: ${made.map(([name, count]) => `${count} ${name}`).join(", ") || "none"}`;
}

/** Serves the client; the answers are judged here, the calls in the step after. */
function serve(run: Run): Outcome {
  const { mine, questions } = run;
  const served = serveOneClient(mine, questions);
  run.served = served;
  const { answered, failure, stopped } = served;
  if (stopped) return mismatch("an end", failure ?? "went on", "never notices the end");
  if (failure !== null) return mismatch("no error", `threw ${failure}`);
  if (answered === questions.length) return saw(`${answered} of ${questions.length} answered`);
  return mismatch(
    `${questions.length} questions answered with their own bytes`,
    `answered ${answered}`,
    answered < questions.length && served.counts.close === 1 ? "hangs up too early" : undefined,
  );
}

function mistakeIn(counts: Served["counts"], budget: Served["counts"]): string | undefined {
  if (counts.poll > 0) return "asks before each receive";
  if (counts.recvmsg > budget.recvmsg) return "a buffer too small";
  if (counts.sendmsg > budget.sendmsg) return "sends an answer in pieces";
  if (counts.recvmsg < budget.recvmsg && counts.close > 0) return "hangs up too early";
  return counts.close < budget.close ? "leaves the descriptor open" : undefined;
}

function count({ questions, served }: Run): Outcome {
  const budget = budgetOf(questions.length);
  const { counts } = served!;
  if (inWords(counts) === inWords(budget)) return saw(inWords(counts));
  return mismatch(inWords(budget), `made ${inWords(counts)}`, mistakeIn(counts, budget));
}

const questionOf = (bytes: number, seed: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => (i * 7 + seed) & 0xff);

const PLAYS: readonly { readonly name: string; readonly bytes: readonly number[] }[] = [
  { name: "one question", bytes: [32] },
  { name: "five questions, one after the other", bytes: [32, 48, 1, 100, 32] },
  { name: "a question of 8 kB", bytes: [8192] },
];

const scenarios: Scenario<EchoServer>[] = PLAYS.map(({ name, bytes }) =>
  scenario<EchoServer, Run>({
    name,
    given: `a client of the loopback interface has connected and will ask ${bytes.length} of ${bytes.join(", ")} bytes`,
    start: (mine) => ({ mine, questions: bytes.map(questionOf) }),
    steps: [
      { action: "serve it", play: serve, limitMs: 20_000 },
      { action: "count the server's calls by tracepoint", play: count },
    ],
  }),
);

/** Notebook 10: `check("10-posix-sockets/echo-within-budget", echoServer)`. */
export const echoWithinBudget: Exercise<EchoServer> = {
  id: "10-posix-sockets/echo-within-budget",
  title: "An echo server within a budget of system calls",
  points: 3,
  starterSteps: 3,
  needs: ["tp_btf"],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `echo-within-budget: expected a function echoServer(calls, listener), your code handed in ${describeValue(mine)}`,
  hints: [
    "every function of `calls` is one trip into the kernel. Which of yours bring neither a byte nor a connection?",
    "recvmsg itself sleeps until bytes are there, and takes as many as wait, if your buffer has room for them.",
    "one accept; then one recvmsg and one sendmsg a question, with a buffer of 65536 bytes; recvmsg answers 0 at the end; one close.",
  ],
  wrongAnswers: [
    {
      name: "asks before each receive",
      hint: "poll asks whether recvmsg would sleep. A server with one client has nothing else to do: let recvmsg sleep.",
    },
    {
      name: "a buffer too small",
      hint: "the answers are right, but a question that does not fit into the buffer takes a receive for each piece. Memory is cheaper than calls.",
    },
    {
      name: "sends an answer in pieces",
      hint: "TCP is a stream: the client does not care how many calls an answer took, your budget does. Send what one recvmsg brought by one sendmsg.",
    },
    {
      name: "leaves the descriptor open",
      hint: "served and within the budget, but the connection's descriptor is still open: a server that does so runs out of them.",
    },
    {
      name: "never notices the end",
      hint: "a recvmsg of 0 bytes is no empty question: the client has closed, and every further recvmsg says 0 again.",
    },
    {
      name: "hangs up too early",
      hint: "a server cannot know how many questions will come. Go on receiving until recvmsg answers 0: that is how a client says goodbye.",
    },
  ],
  scenarios,
};
export type { EchoServer, ServerCalls } from "./10-posix-sockets/server-calls.js";
