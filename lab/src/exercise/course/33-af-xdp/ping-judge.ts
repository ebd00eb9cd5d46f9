// Calls the learner's program once and looks at what the kernel was made to send, and at where each frame is afterwards.
// The first fault found is told.
import { type FrameOwner, type OwnershipLedger, takeLedger } from "../../../ring/index.js";
import { mismatch, type Outcome, saw } from "../../types.js";
import { describeAnswer, describeThrown } from "../../values.js";
import { judgeReply } from "./ping-frames.js";
import type { PingTable } from "./ping-table.js";
import { judgeFills, judgeUse } from "./ring-rules.js";

/** One call of `answer(socket)`. */
export function callAndJudge(table: PingTable): Outcome {
  const { model, watch } = table;
  const returning = model.completionRing.peek();
  table.sent = [];
  watch.restart();
  let answer: unknown;
  try {
    answer = table.mine(table.socket);
  } catch (thrown) {
    return judgeUse(watch) ?? mismatch("no error", `threw ${describeThrown(thrown)}`);
  }
  const pings = table.waiting.filter(({ isPing }) => isPing);
  const outcome =
    judgeUse(watch) ??
    judgeSent(table) ??
    (answer === pings.length
      ? null
      : mismatch(`the number answered, ${pings.length}`, `returned ${describeAnswer(answer)}`)) ??
    judgeFills(watch, model.umem) ??
    judgeFrames(table, returning);
  table.waiting = [];
  return outcome ?? saw(told(pings.length));
}

function told(answered: number): string {
  if (answered === 0) return "nothing sent";
  return answered === 1 ? "1 right answer sent" : `${answered} right answers sent`;
}

function judgeSent({ model, sent, waiting }: PingTable): Outcome | null {
  const pings = waiting.filter(({ isPing }) => isPing);
  if (sent.length > pings.length) {
    const isOther = pings.length < waiting.length;
    const names = waiting.map(({ name }) => name).join(", ") || "nothing new";
    const expected = `${count(pings.length)} to ${names}`;
    return mismatch(expected, `sent ${sent.length}`, isOther ? "answers what is no ping" : undefined);
  }
  if (sent.length < pings.length) {
    const asleep = model.kernel.holds.length + takeLedger(model, []).counts.tx;
    return asleep > 0
      ? mismatch(count(pings.length), `left ${asleep} in the tx ring`, "never wakes the kernel")
      : mismatch(count(pings.length), `sent ${sent.length === 0 ? "nothing" : sent.length}`);
  }
  for (const [index, { frame }] of pings.entries()) {
    const fault = judgeReply(frame, sent[index]);
    if (fault !== null) return fault;
  }
  return null;
}

function count(answers: number): string {
  if (answers === 0) return "no answer";
  return answers === 1 ? "an answer" : `${answers} answers`;
}

/** @param returning how many sent frames waited in the completion ring when the call began */
function judgeFrames({ model, waiting }: PingTable, returning: number): Outcome | null {
  const ledger = takeLedger(model, [], model.kernel.holds);
  const got = `left ${ledger.equation}`;
  if (ledger.counts.rx > 0) return mismatch("what was handled to be released from the rx ring", got);
  if (model.txRing.pending + model.fillRing.pending > 0)
    return mismatch("reserved slots to be submitted", `left some reserved; ${got.replace("left ", "")}`);
  return ledger.conserved
    ? null
    : mismatch("each frame in one place", got, frameMistake(ledger, returning, waiting));
}

const SENDING: readonly FrameOwner[] = ["tx", "kernel", "completion"];

function frameMistake(
  { leaked, duplicated }: OwnershipLedger,
  returning: number,
  waiting: PingTable["waiting"],
): string | undefined {
  const isSentAndFree = ({ owners }: { owners: FrameOwner[] }): boolean =>
    owners.includes("fill") && owners.some((owner) => SENDING.includes(owner));
  if (duplicated.some(isSentAndFree)) return "gives the frame back while it is being sent";
  if (leaked === 0) return undefined;
  if (waiting.some(({ isPing }) => !isPing)) return "forgets what it does not answer";
  return returning > 0 ? "loses the sent frame" : undefined;
}
