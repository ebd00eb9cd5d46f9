// The memory of one io_uring: a mapping with both rings, a mapping with the requests, and whatever else the kernel was told
// of.
import { type RingMemory, SLOT_BYTES, viewRing } from "../ring/index.js";
import { Mappings } from "./mappings.js";
import { IORING_OFF_SQ_RING, IORING_OFF_SQES, type SetupAnswer } from "./uring-abi.js";

/** Everything that one io_uring has mapped. */
export class UringMemory extends Mappings {
  /** Maps both rings where the kernel says, and writes the table of indexes once and for all. */
  mapRings(
    fd: number,
    answer: SetupAnswer,
  ): { submission: RingMemory; completion: RingMemory; overflow: Int32Array } {
    const { submissions, completions, submissionOffsets: at, completionOffsets } = answer;
    const lengthBytes = Math.max(
      answer.tableOffset + submissions * 4,
      completionOffsets.descriptors + completions * SLOT_BYTES.completion,
    );
    const rings = this.shared(fd, lengthBytes, IORING_OFF_SQ_RING).buffer;
    const requests = this.shared(fd, submissions * SLOT_BYTES.submission, IORING_OFF_SQES).buffer;
    const table = new Uint32Array(rings, answer.tableOffset, submissions);
    for (let slot = 0; slot < submissions; slot++) table[slot] = slot;
    const submission: RingMemory = {
      size: submissions,
      kind: "submission",
      producer: new Int32Array(rings, at.producer, 1),
      consumer: new Int32Array(rings, at.consumer, 1),
      flags: new Int32Array(rings, at.flags, 1),
      words: new Uint32Array(requests),
    };
    return {
      submission,
      completion: viewRing(rings, completions, "completion", completionOffsets),
      overflow: new Int32Array(rings, answer.overflowOffset, 1),
    };
  }
}
