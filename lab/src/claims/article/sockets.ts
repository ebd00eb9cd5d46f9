// C05 to C09: what the socket interface costs before a byte has moved.
import { type Comparison, measure, type Options, provenance, type Result } from "../../measure/index.js";
import { barFigure, pairsFigure } from "../../plot/index.js";
import { countBars } from "../bars.js";
import { type Claim, type Finding, verdictOf } from "../claim.js";
import type { Examiner } from "../examiner.js";
import { mitigationClaim } from "./two-boots.js";

/** So many function calls make a system call dear. Ours: the article names no figure. */
const DEAR = 10;

/** A system call against a function call that does as little. */
function callAgainstFunction(options: Options<{ bound: number }>): Promise<Result<Comparison>> {
  return measure.compareKernels("syscallGetppid", "functionCall", options);
}

/** The claim has two halves, the crossing and the cache: it is as true as the weaker one. */
async function dear(examiner: Examiner): Promise<Finding> {
  const crossing = await examiner.ask(
    callAgainstFunction,
    "×",
    { bound: DEAR },
    ({ result: comparison }, result) => ({
      verdict: verdictOf(comparison.verdict),
      because: `A getppid costs ${comparison.medianRatio.toFixed(0)} function calls; more than ${DEAR} count as dear here.`,
      figure: pairsFigure({
        title: "A system call against a function call, pair by pair",
        label: "times dearer",
        provenance: provenance(result),
        rows: [{ name: "getppid / function call", comparison }],
      }),
    }),
  );
  const pollution = await examiner.ask(measure.pollution, "×", {}, ({ points: [none, one] }) => ({
    verdict:
      one!.access.low > none!.access.high
        ? "supports"
        : one!.access.high < none!.access.low
          ? "contradicts"
          : "inconclusive here",
    because: `After one call the program's own memory accesses take ${one!.slowdown.toFixed(2)} times as long.`,
  }));
  return {
    ...crossing,
    verdict: crossing.verdict === "supports" ? pollution.verdict : crossing.verdict,
    because: `${crossing.because} ${pollution.because}`,
    results: [...crossing.results, ...pollution.results],
  };
}

export const socketClaims: readonly Claim[] = [
  {
    id: "C05",
    statement: "A socket is a flow behind a file descriptor: socket, bind, listen, accept, sendmsg, recvmsg.",
    examine: (examiner) =>
      examiner.ask(measure.socketExchange, "calls", {}, ({ calls }, result) => {
        const named = ["socket", "bind", "listen", "accept4", "sendmsg", "recvmsg"];
        const made = named.filter((name) => calls.some((call) => call.name === name));
        const opened = calls.filter(({ name }) => name === "socket" || name === "accept4");
        return {
          verdict:
            made.length === named.length && opened.every(({ result }) => result > 2)
              ? "supports"
              : "contradicts",
          because: `One question over TCP took ${calls.map(({ name }) => name).join(", ")}; socket and accept4 gave file descriptors.`,
          figure: countBars(
            result,
            "System calls of one question and its answer over TCP",
            "calls, both ends",
            [...new Set(calls.map(({ name }) => name))].map((name) => [
              name,
              calls.filter((call) => call.name === name).length,
            ]),
          ),
        };
      }),
  },
  {
    id: "C06",
    statement: "Control plane and data plane operations are both system calls.",
    examine: (examiner) =>
      examiner.ask(
        measure.socketExchange,
        "calls",
        { questions: 10 },
        ({ control, data, questions }, result) => ({
          verdict: data === 4 * questions ? "supports" : "contradicts",
          because: `${control} calls set the connection up and took it down, ${data} moved ${questions} questions and answers: each message is two calls, one at either end.`,
          figure: countBars(result, `System calls of ${questions} questions over TCP`, "calls, both ends", [
            ["control plane", control],
            ["data plane", data],
          ]),
        }),
      ),
  },
  {
    id: "C07",
    statement: "A system call is dear: the switch itself, and the cache it pollutes.",
    examine: dear,
  },
  mitigationClaim,
  {
    id: "C09",
    statement: "The socket API does not see cores and NIC queues: packets move between cores.",
    examine: (examiner) =>
      examiner.ask(measure.acceptCores, "%", {}, ({ rows }, result) => {
        const share = (way: string): number => rows.find((row) => row.way === way)!.onCore;
        const [shared, hash, told] = ["one shared listener", "SO_REUSEPORT, by hash", "SO_INCOMING_CPU"].map(
          share,
        );
        const percent = (value: number): string => `${(value * 100).toFixed(0)} %`;
        // Who sees no cores puts half of the connections on the right one of two. That is asked of the hash: who takes a connection
        // from a shared listener hangs on which of two threads woke first, and its share wanders (33 to 68 % in 28 runs).
        const isBlind = Math.abs(hash! - 1 / 2) <= 0.1;
        return {
          verdict: isBlind && told === 1 ? "supports" : hash! > 0.95 ? "contradicts" : "inconclusive here",
          because: `On two cores ${percent(shared!)} of connections to a shared listener, and ${percent(hash!)} under SO_REUSEPORT, were accepted on the core of their packets. A program or an option that names the CPU brings that to ${percent(told!)}: today's Linux can be told.`,
          figure: barFigure({
            title: "Connections accepted on the core of their packets",
            provenance: provenance(result),
            axis: { label: "on the right core", unit: "%", scale: "linear" },
            bars: rows.map(({ way, onCore }) => ({ name: way, value: onCore * 100 })),
          }),
        };
      }),
  },
];
