// The verifier's last sentence is exact and terse. Here it becomes answers: which line, what it does, what was known, which
// rule that breaks, what to compare with what. Of a refusal that no rule here knows, this says so and shows the log.
import { CALL_RULES } from "./call-rules.js";
import { FLOW_RULES } from "./flow-rules.js";
import { MEMORY_RULES } from "./memory-rules.js";
import { type PacketAccess, packetAccess, packetRule } from "./packet-rule.js";
import { POINTER_RULES } from "./pointer-rules.js";
import { REGISTER_RULES } from "./register-rules.js";
import { describeRegister, readStates } from "./register-state.js";
import type { Rule, Situation, Told } from "./rule.js";
import { findRefusal, type Refusal } from "./verifier-log.js";

/** One question and its answer. */
export interface Answered {
  readonly question: string;
  readonly answer: string;
}

/** A refusal in a learner's words. */
export interface Explanation {
  /** Which rule was broken, e.g. `packet bounds`; `unknown` where this lab has no words for it. */
  readonly rule: string;
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

/** Every rule that the lab knows. Of several with one sentence the first that fits counts. */
export const RULES: readonly Rule[] = [
  packetRule,
  ...MEMORY_RULES,
  ...POINTER_RULES,
  ...REGISTER_RULES,
  ...FLOW_RULES,
  ...CALL_RULES,
];

const QUOTED = /^(.*?)(?: @ \S+?:(\d+))?$/;
const LAST_LINES = 8;

/**
 * Explains why the kernel refused a program. It says what to compare with what, and never how to write it.
 *
 * @param log the whole log of the verifier, `VerifierError.log`
 * @source kernel/bpf/verifier.c
 */
export function explainRefusal(log: string): Explanation {
  const refusal = findRefusal(log);
  const [, source = "", number] = QUOTED.exec(refusal.source) ?? [];
  const line = number === undefined ? null : Number(number);
  const place = placeOf(refusal, source, line);
  const situation = { refusal, log, states: readStates(log) };
  const known = findRule(situation);
  if (known === null) {
    const unknown = {
      question: "What does that mean?",
      answer: "The lab does not know this refusal. Read the log.",
    };
    return { rule: "unknown", source, line, access: null, answers: [...place, unknown], log: log.trim() };
  }
  const { rule, told } = known;
  return {
    rule: rule.name,
    source,
    line,
    access: rule === packetRule ? packetAccess(refusal.reason) : null,
    answers: [...place, ...answersOf(told, situation)],
    log: log.trim().split("\n").slice(-LAST_LINES).join("\n"),
  };
}

function findRule(situation: Situation): { rule: Rule; told: Told } | null {
  for (const rule of RULES) {
    const found = rule.sentence.exec(situation.refusal.reason);
    if (found !== null && (rule.when?.(situation, found) ?? true))
      return { rule, told: rule.tell(found, situation) };
  }
  return null;
}

function placeOf(
  { instruction, instructionText, reason }: Refusal,
  source: string,
  line: number | null,
): Answered[] {
  const quoted = line === null ? source : `line ${line}: ${source}`;
  const named = instruction < 0 ? "the log names none" : String(instruction);
  return [
    { question: "Which line?", answer: source === "" ? "the log quotes none" : quoted },
    {
      question: "Which instruction?",
      answer: instructionText === "" ? named : `${instruction}: ${instructionText}`,
    },
    { question: "In the kernel's words", answer: reason || "the log gives no reason" },
  ];
}

function answersOf({ knew, broken, compare }: Told, situation: Situation): Answered[] {
  const known = knew ?? registersInWords(situation);
  return [
    ...(known === "" ? [] : [{ question: "What did the verifier know?", answer: known }]),
    { question: "Which rule is broken?", answer: broken },
    { question: "What to compare with what?", answer: compare },
  ];
}

/** The registers that the refused instruction reads, or that the kernel's sentence about it names. */
function registersInWords({ refusal, states }: Situation): string {
  const read = refusal.instructionText.replace(/^[rw]\d+ = /, "");
  const named = `${read} ${refusal.reason}`.matchAll(/\b[rwR](\d+)\b/g);
  const registers = [...new Set([...named].map(([, number]) => Number(number)))];
  const words = registers.map((register) => describeRegister(register, states.get(register)));
  return words.length === 0 ? "" : `${words.join("; ")}.`;
}
