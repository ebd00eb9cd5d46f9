// The peers that our TCP is measured against answer what they are asked, and all three do the same work: counted, not timed.
import {
  benchmarks,
  ECHO_PORT,
  echoByKernel,
  echoByLwip,
  echoByUs,
  outcomeOf,
  predict,
  runExperiment,
  type TcpEchoServer,
} from "ringside/measure";
import { KernelSockets } from "ringside/sockets";
import { inNamespace } from "ringside/sys";
import { expect, onTestFinished, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("peers");

const CONNECTIONS = 200;
const LIMIT_MS = 20_000;
const linux = new KernelSockets();

/** What the servers need of a running experiment. */
const context = { onClose: onTestFinished, note: () => {} };

/** Lets the server work until there is an answer. */
function answer<T>(server: TcpEchoServer, ask: () => T | null): T {
  for (const endMs = performance.now() + LIMIT_MS; performance.now() < endMs; server.serve()) {
    const got = ask();
    if (got !== null) return got;
  }
  throw new Error(`${server.name} did not answer in ${LIMIT_MS} ms`);
}

/** Asks once on a connection of its own, and says what came back before the end. */
function askOnce(server: TcpEchoServer, question: Uint8Array): string {
  const fd = linux.socket("stream");
  linux.connect(fd, { address: "10.0.0.2", port: ECHO_PORT });
  server.accept();
  answer(server, () => linux.sendmsg(fd, question));
  const into = new Uint8Array(256);
  const { length } = answer(server, () => linux.recvmsg(fd, into));
  linux.close(fd);
  server.serve();
  return Buffer.from(into.subarray(0, length)).toString();
}

test.each([
  ["the kernel", echoByKernel],
  ["our stack", echoByUs],
  ["lwIP", echoByLwip],
])("%s answers each of 200 short connections with its own question", (name, open) => {
  const server = open(context);
  expect(server.name).toBe(name);
  const questions = Array.from({ length: CONNECTIONS }, (_, index) => `question ${index}`);
  const answers = inNamespace(server.testbed.path("a"), () =>
    questions.map((question) => askOnce(server, Buffer.from(question))),
  );
  expect(answers).toEqual(questions);
});

const gate = { minIdle: 0, maxSteal: 1 };

test("three stacks are timed at three jobs, in the same rounds", async () => {
  const result = await runExperiment(benchmarks.tcpRequests, {
    guess: predict(1, "×"),
    gate,
    rounds: 2,
  });
  for (const job of outcomeOf(result).jobs) {
    const { oursPerS, kernelPerS, lwipPerS, overLwip, overKernel } = job;
    expect([oursPerS, kernelPerS, lwipPerS].map((rates) => rates.length)).toEqual([2, 2, 2]);
    expect(overLwip.ratios).toEqual(
      oursPerS.map((rate, round) => expect.closeTo(rate / lwipPerS[round]!, 6)),
    );
    expect(overKernel.ratios).toEqual(
      oursPerS.map((rate, round) => expect.closeTo(rate / kernelPerS[round]!, 6)),
    );
  }
  expect(outcomeOf(result).jobs).toHaveLength(3);
});

test("three stacks send a stream, in the same rounds", async () => {
  const result = await runExperiment(benchmarks.tcpGoodput, {
    guess: predict(1, "×"),
    gate,
    rounds: 2,
  });
  const { oursMbps, kernelMbps, lwipMbps, overLwip } = outcomeOf(result);
  expect([oursMbps, kernelMbps, lwipMbps].map((rates) => rates.length)).toEqual([2, 2, 2]);
  expect(overLwip.ratios).toEqual(oursMbps.map((rate, round) => expect.closeTo(rate / lwipMbps[round]!, 6)));
});
