// The verifier's last sentence is exact and terse: `invalid access to packet, off=12 size=1, R1(id=0,off=12,r=0)`. Here it
// becomes five answers: which line, what it does, what was known, which rule that breaks, what to compare with what.
// Only the packet's bounds are explained so far; of any other refusal this says that it does not know it.
import { findRefusal } from "./verifier-log.js";

/** What is known of a refused load from, or store to, the packet. */
export interface PacketAccess {
  /** Of the register, e.g. `r1`. */
  readonly register: string;
  /** First byte of the access, counted from where the pointer to the packet was last known exactly. */
  readonly offset: number;
  /** How many bytes are read or written at once. */
  readonly sizeBytes: number;
  /** Bytes from that same point on that a comparison with `data_end` has proven to exist. */
  readonly provenBytes: number;
  /** The pointer holds a part that only a running program knows, such as a length read from the packet. */
  readonly moves: boolean;
}

/** One question and its answer. */
export interface Answered {
  readonly question: string;
  readonly answer: string;
}

/** A refusal in a learner's words. */
export interface Explanation {
  /** `packet bounds`, or `unknown` where this lab has no words for the rule yet. */
  readonly rule: "packet bounds" | "unknown";
  /** The C line, empty where the log quotes none. */
  readonly source: string;
  /** Its number in the text, from 1; null where the kernel does not tell. */
  readonly line: number | null;
  /** What was refused, for `packet bounds`. */
  readonly access: PacketAccess | null;
  readonly answers: readonly Answered[];
  /** The log from the refused line on; the whole log where the rule is unknown. */
  readonly log: string;
}

const PACKET_ACCESS =
  /invalid access to packet, off=(-?\d+) size=(\d+), R(\d+)\(id=(\d+),off=-?\d+,r=(\d+)\)/;
const QUOTED = /^(.*?)(?: @ \S+?:(\d+))?$/;
const LAST_LINES = 8;

/**
 * Explains why the kernel refused a program. It says what to compare with what, and never how to write it.
 *
 * @param log the whole log of the verifier, `VerifierError.log`
 * @source kernel/bpf/verifier.c, __check_mem_access and check_packet_access
 */
export function explainRefusal(log: string): Explanation {
  const refusal = findRefusal(log);
  const [, source = "", number] = QUOTED.exec(refusal.source) ?? [];
  const line = number === undefined ? null : Number(number);
  const access = packetAccess(refusal.reason);
  const place = [
    { question: "Which line?", answer: quoteLine(source, line) },
    { question: "Which instruction?", answer: `${refusal.instruction}: ${refusal.instructionText}` },
    { question: "In the kernel's words", answer: refusal.reason || "the log gives no reason" },
  ];
  if (access === null) {
    const unknown = {
      question: "What does that mean?",
      answer: "The lab does not know this refusal. Read the log.",
    };
    return { rule: "unknown", source, line, access, answers: [...place, unknown], log: log.trim() };
  }
  const tail = log.trim().split("\n").slice(-LAST_LINES).join("\n");
  return {
    rule: "packet bounds",
    source,
    line,
    access,
    answers: [...place, ...explainAccess(access)],
    log: tail,
  };
}

function packetAccess(reason: string): PacketAccess | null {
  const found = PACKET_ACCESS.exec(reason);
  if (found === null) return null;
  const [offset, sizeBytes, register, id, provenBytes] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { register: `r${register}`, offset, sizeBytes, provenBytes, moves: id !== 0 };
}

function quoteLine(source: string, line: number | null): string {
  if (source === "") return "the log quotes none";
  return line === null ? source : `line ${line}: ${source}`;
}

function explainAccess({ register, offset, sizeBytes, provenBytes, moves }: PacketAccess): Answered[] {
  const wanted = sizeBytes === 1 ? `byte ${offset}` : `bytes ${offset} to ${offset + sizeBytes - 1}`;
  const moved = moves ? ", and moved by an amount that only a running program knows" : "";
  return [
    {
      question: "What did the verifier know?",
      answer: `${register} points into the packet${moved}: ${provenBytes} bytes proven readable from there. The line wants ${wanted}, counted from 0.`,
    },
    {
      question: "Which rule is broken?",
      answer:
        "A packet has bytes only up to data_end. Each byte must be proven to lie before it, on every path that leads to the line.",
    },
    {
      question: "What to compare with what?",
      answer: `The address just behind the last byte that is used, with data_end; on the path to this line it may not lie behind data_end.${moves ? " A proof made before the pointer moved counts no more." : ""}`,
    },
  ];
}
