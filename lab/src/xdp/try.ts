// Clang and the verifier say no more often than yes, and what they say is the lesson. So here a refusal is a value that
// shows itself, and not an error with a stack.
import { NotSupportedError, SysError, VerifierError } from "../base/index.js";
import { type Bytecode, type Explanation, explainRefusal } from "../bpf/index.js";
import { type Column, type Displayable, escapeXml, htmlTable, JUPYTER_DISPLAY } from "../plot/index.js";
import { type CText, nameOf, quoteLine } from "./c-text.js";
import { bytecodeOfText, CompileError } from "./compile.js";
import { type CellProgram, loadCell } from "./template.js";

/** How far a C text came. */
export type TrialStatus = "loaded" | "does not compile" | "refused" | "cannot be tried";

/** What became of a C text on its way into the kernel. Show it as a cell's last value, or by `display`. */
export interface XdpTrial extends Displayable {
  readonly status: TrialStatus;
  /** One sentence. */
  readonly summary: string;
  /** The program, where it was loaded: it stays in the kernel until it is closed. */
  readonly program: CellProgram | null;
  /** What clang made of it, whether or not the kernel takes it; null where it does not compile. */
  readonly bytecode: Bytecode | null;
  /** Where clang stopped: the line, from 1, and 0 where it names none. */
  readonly compileError: CompileError | null;
  /** Why the verifier refused. */
  readonly explanation: Explanation | null;
}

type Finding = Pick<XdpTrial, "status" | "summary"> &
  Partial<Pick<XdpTrial, "program" | "compileError" | "explanation">> & { readonly text: string | CText };

/**
 * Tries to compile a C text and to load it; attaches nothing. What is refused is explained.
 *
 * @param text one C file with a function under `SEC("xdp")`; `cText` of a cell, and lines are the cell's
 * @param name for messages
 * @throws Only what is neither clang's nor the kernel's refusal, such as a text without `SEC("xdp")`.
 */
export function tryXdp(text: string | CText, name = "program"): XdpTrial {
  try {
    const program = loadCell(text, name);
    const count = program.program.instructionCount;
    const summary = `${nameOf(text, name)} is in the kernel: ${count} instructions, every path of them proven safe.`;
    return trial({ status: "loaded", summary, program, text }, []);
  } catch (error) {
    return refused(error, name, text);
  }
}

function refused(error: unknown, given: string, text: string | CText): XdpTrial {
  const name = nameOf(text, given);
  if (error instanceof CompileError) {
    const summary = `${name} does not compile: clang stopped at line ${error.line}.`;
    return trial(
      { status: "does not compile", summary, compileError: error, text },
      compilerRows(error, text),
    );
  }
  if (error instanceof VerifierError) {
    const explanation = explainRefusal(error.log);
    const rows = explanation.answers.map(({ question, answer }) => [question, answer] as const);
    const summary = `${name} compiles, and the kernel refuses it.`;
    return trial({ status: "refused", summary, explanation, text }, rows, explanation.log);
  }
  if (error instanceof NotSupportedError)
    return trial({ status: "cannot be tried", summary: error.message, text }, []);
  if (error instanceof SysError && ["EPERM", "EACCES"].includes(error.code)) {
    const summary = `${name} compiles, but only root may load it: ${error.code} -> start the lab as root (sudo).`;
    return trial({ status: "cannot be tried", summary, text }, []);
  }
  throw error;
}

const COLUMNS: Readonly<Record<TrialStatus, readonly Column[]>> = {
  loaded: [],
  "does not compile": [{ name: "clang says" }, { name: "what, and of which line" }],
  refused: [{ name: "question" }, { name: "answer" }],
  "cannot be tried": [],
};
const COMPLAINT = /^.+?:(\d+):\d+: (?:fatal )?(error|note): (.*)$/;

/** Each complaint of clang about the text itself, with the line it is about. */
function compilerRows({ log }: CompileError, text: string | CText): (readonly [string, string])[] {
  return log.split("\n").flatMap((each) => {
    const found = each.startsWith("/") ? null : COMPLAINT.exec(each);
    if (found === null) return [];
    const [, number, kind, words] = found;
    const quoted = quoteLine(text, Number(number));
    return [[`${kind}, line ${number}`, `${words}: ${quoted}`] as const];
  });
}

/** @throws RangeError for an object that the lab cannot link, such as one that calls kernel functions */
function bytecodeOf(status: TrialStatus, text: string | CText): Bytecode | null {
  try {
    return status === "does not compile" ? null : bytecodeOfText(text);
  } catch (error) {
    if (error instanceof NotSupportedError) return null;
    throw error;
  }
}

function trial(
  { text, ...finding }: Finding,
  rows: readonly (readonly [string, string])[],
  log = "",
): XdpTrial {
  const table =
    rows.length === 0 ? null : htmlTable(COLUMNS[finding.status], rows, { title: finding.summary });
  const html = table?.html ?? `<p><b>${escapeXml(finding.summary)}</b></p>`;
  const plain = table?.text ?? finding.summary;
  const bundle = {
    "text/html":
      log === "" ? html : `${html}<p>The end of the verifier's log:</p><pre>${escapeXml(log)}</pre>`,
    "text/plain": log === "" ? plain : `${plain}\n\nThe end of the verifier's log:\n${log}`,
  };
  return {
    program: null,
    compileError: null,
    explanation: null,
    ...finding,
    get bytecode(): Bytecode | null {
      return bytecodeOf(finding.status, text);
    },
    [JUPYTER_DISPLAY]: () => bundle,
  };
}
