// The selector: a program of the kernel's that chooses the listener for each connection. The judge loads it, lets two clients on two cores open
// connections to two servers on the same cores, and asks every connection where its packets came in.
import { VerifierError } from "../../../base/index.js";
import { serveByProgram } from "../../../measure/index.js";
import { CompileError } from "../../../xdp/index.js";
import { type Exercise, mismatch, type Outcome, saw, scenario } from "../../types.js";
import { describeThrown, describeValue } from "../../values.js";

/** Between these shares of connections on the right core a coin might have been tossed. */
const COIN = { least: 0.25, most: 0.75 };

async function judge(text: string): Promise<Outcome> {
  let served: Awaited<ReturnType<typeof serveByProgram>>;
  try {
    served = await serveByProgram(text);
  } catch (thrown) {
    if (thrown instanceof CompileError || thrown instanceof VerifierError)
      return mismatch("a program that compiles and that the kernel takes", describeThrown(thrown));
    throw thrown;
  }
  const { servers, completed, errors } = served;
  const expected = "every connection on the core of its packets";
  const failed = Object.entries(errors).map(([name, count]) => `${count} with ${name}`);
  if (failed.length > 0)
    return mismatch(expected, `let connections fail: ${failed.join(", ")}`, "turns connections away");
  const right = servers.reduce((sum, { onCore }) => sum + onCore, 0);
  if (right === completed) return saw(`${right} of ${completed}`);
  const [first, second] = servers.map(({ accepted }) => accepted);
  const share = right / completed;
  const diagnosis =
    first === 0 || second === 0
      ? "always the same listener"
      : right === 0
        ? "the other core's listener"
        : share > COIN.least && share < COIN.most
          ? "leaves it to the hash"
          : undefined;
  return mismatch(expected, `sent ${completed - right} of ${completed} to the other core`, diagnosis);
}

/** Notebook 14: `check("14-sockets-and-cores/selector", byCore)`. */
export const selector: Exercise<string> = {
  id: "14-sockets-and-cores/selector",
  title: "The selector",
  points: 3,
  starterSteps: 0,
  needs: ["bpf", "clang"],
  refuses: (mine) => {
    if (process.getuid?.() !== 0)
      return "selector: the judge is the kernel, and loading a program needs root -> start the notebooks as root, or go on with the next exercise";
    return typeof mine === "string"
      ? null
      : `selector: expected the text of a C program, your code handed in ${describeValue(mine)}`;
  },
  hints: [
    "the program runs on the CPU that received the connection's first packet. Which helper says which CPU that is?",
    "the map listeners holds each server's socket under the number of its CPU: the key to look up is a CPU.",
    "__u32 cpu = bpf_get_smp_processor_id(); then bpf_sk_select_reuseport(packet, &listeners, &cpu, 0), and SK_PASS.",
  ],
  wrongAnswers: [
    {
      name: "leaves it to the hash",
      hint: "about half of the connections came to the right core, and that is chance: a program that chooses nothing, or by the flow's hash, leaves the core out of it.",
    },
    {
      name: "always the same listener",
      hint: "one server got all of it. The key must differ from CPU to CPU.",
    },
    {
      name: "the other core's listener",
      hint: "every connection went to the wrong core, which takes as much knowledge as the right one. What do you add to the CPU's number?",
    },
    {
      name: "turns connections away",
      hint: "SK_DROP refuses the connection. Say SK_PASS, and choose.",
    },
  ],
  scenarios: [
    scenario<string, string>({
      name: "two servers on two cores",
      given:
        "a client on each of two cores, 100 connections each; the map listeners holds the servers by CPU",
      start: (mine) => mine,
      steps: [{ action: "serve them all", play: judge, limitMs: 30_000 }],
    }),
  ],
};
