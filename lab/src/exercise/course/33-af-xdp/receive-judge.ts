// Calls the learner's receive loop once and looks at everything it did: the packets it handed on, what it
// answered, how it used the rings, and where each frame is afterwards. The first fault found is told.
import { queuedAddrs, takeLedger } from "../../../ring/index.js";
import { mismatch, type Outcome, saw } from "../../types.js";
import { describeAnswer, describeThrown, describeValue, isPromise } from "../../values.js";
import { packetLength, RING_SIZE, type Table } from "./receive-table.js";
import { judgeFills, judgeUse } from "./ring-rules.js";

/** One call of `receive(socket, onFrame)`. */
export function callAndJudge(table: Table): Outcome {
  // What has no room in the fill ring cannot be given back, and must wait.
  const due = Math.min(table.waiting.length, table.model.fillRing.free());
  let handed = 0;
  let damage: Outcome | null = null;
  table.watch.restart();
  const onFrame = (addr: number, lengthBytes: number): void => {
    handed++;
    damage ??= judgePacket(table, table.waiting.shift(), handed, addr, lengthBytes);
  };
  let answer: unknown;
  try {
    answer = table.mine(table.socket, onFrame);
  } catch (thrown) {
    return judgeUse(table.watch) ?? damage ?? mismatch("no error", `threw ${describeThrown(thrown)}`);
  }
  return (
    judgeUse(table.watch) ??
    damage ??
    judgeAnswer(due, handed, answer) ??
    judgeRings(table) ??
    judgeFrames(table) ??
    saw(handed === 1 ? "1 packet" : `${handed} packets`)
  );
}

function judgePacket(
  { model }: Table,
  id: number | undefined,
  number: number,
  addr: unknown,
  lengthBytes: unknown,
): Outcome | null {
  if (id === undefined) return mismatch(`${number - 1} packets`, "called onFrame once more");
  const wanted = `packet ${number} to be ${packetLength(id)} bytes of value ${id}`;
  if (typeof addr !== "number" || !model.umem.contains(addr)) {
    const isPastTheEnd = model.rxRing.cursor + number > RING_SIZE;
    const diagnosis = isPastTheEnd ? "uses the cursor as a slot" : undefined;
    return mismatch(wanted, `handed on addr ${describeValue(addr)}`, diagnosis);
  }
  const frame = model.umem.frameOf(addr);
  if (queuedAddrs(model.fillRing.memory).some((free) => model.umem.frameOf(free) === frame)) {
    const got = `had already put frame ${frame} into the fill ring`;
    return mismatch("a frame to go back after its packet", got, "refills before the packet is read");
  }
  if (lengthBytes !== packetLength(id)) {
    return mismatch(wanted, `handed on a length of ${describeValue(lengthBytes)}`);
  }
  const found = model.umem.bytes[addr];
  return found === id ? null : mismatch(wanted, `handed on addr ${addr}, where the value is ${found}`);
}

function judgeAnswer(due: number, handed: number, answer: unknown): Outcome | null {
  if (isPromise(answer)) return mismatch("a number", `returned ${describeAnswer(answer)}`);
  if (handed < due) {
    const diagnosis = handed === 1 ? "handles one packet a call" : undefined;
    return mismatch(`onFrame ${times(due)}`, `called it ${times(handed)}`, diagnosis);
  }
  return answer === handed ? null : mismatch(`the answer ${handed}`, `returned ${describeAnswer(answer)}`);
}

function judgeRings({ model, waiting }: Table): Outcome | null {
  const unreleased = model.rxRing.peek() - waiting.length;
  if (unreleased > 0) {
    const got = `left ${unreleased} handled entries in the rx ring`;
    return mismatch("what was read to be released", got, "never releases");
  }
  if (model.fillRing.pending > 0) {
    const got = `left ${model.fillRing.pending} slots reserved`;
    return mismatch("reserved slots to be submitted", got, "reserves without submitting");
  }
  return null;
}

function judgeFrames({ model, watch, held }: Table): Outcome | null {
  const skewed = judgeFills(watch, model.umem);
  if (skewed !== null) return skewed;
  const ledger = takeLedger(model, held, model.kernel.holds);
  if (ledger.conserved) return null;
  const diagnosis = ledger.duplicated.length === 0 && ledger.leaked > 0 ? "forgets to refill" : undefined;
  return mismatch("each frame in one place", `left ${ledger.equation}`, diagnosis);
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
