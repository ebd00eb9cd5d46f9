// The verifier walks a program as a packet would and writes down what it knows of each register.
// When it refuses, the last lines of that log say where and why; this finds them.

/** Where a program was refused, and what the log says of it. */
export interface Refusal {
  /** Index of the refused instruction, -1 when the log names none. */
  readonly instruction: number;
  /** The instruction as the verifier prints it, e.g. `r1 = *(u8 *)(r1 +12)`. */
  readonly instructionText: string;
  /** The C line it came from, empty without line info in the object. */
  readonly source: string;
  /** The verifier's own sentence, e.g. `invalid access to packet, off=12 size=1, R1(id=0,off=12,r=0)`. */
  readonly reason: string;
}

const INSTRUCTION = /^(\d+): \([0-9a-f]{2}\) (.*?)(?:\s*;.*)?$/;
const NOISE =
  /^(processed \d+ insns|verification time|stack depth|max_states|-- END|mark_precise|from \d+ to|arg#|func#|\d+: R|R\d+_|\s*$)/;

/**
 * Finds the refusal in a verifier log.
 *
 * @param log the text the kernel wrote at load, log level 1 or 2
 * @returns The last instruction walked and the sentence that follows it; the fields are empty for a log that names none.
 * @source kernel/bpf/verifier.c, `verbose()`
 */
export function findRefusal(log: string): Refusal {
  let instruction = -1;
  let instructionText = "";
  let source = "";
  let reason = "";
  for (const line of log.split("\n")) {
    const walked = INSTRUCTION.exec(line);
    if (walked) {
      instruction = Number(walked[1]);
      instructionText = walked[2]!.trim();
      reason = "";
    } else if (line.startsWith("; ")) {
      source = line.slice(2).trim();
    } else if (!NOISE.test(line) && reason === "") {
      reason = line.trim();
    }
  }
  // A refusal before the walk names its instruction in the sentence itself: `unreachable insn 2`.
  if (instruction < 0) instruction = Number(/\binsn (\d+)/.exec(reason)?.[1] ?? -1);
  return { instruction, instructionText, source, reason };
}
