import { NotSupportedError, SysError } from "../base/index.js";
import type { Probe, ProbeName } from "./probe.js";

/** A probe's answer, before it has its name. */
export type Answer = Omit<Probe, "name">;

export function yes(reason: string): Answer {
  return { state: "yes", reason, next: "" };
}

export function no(reason: string, next = ""): Answer {
  return { state: "no", reason, next };
}

export function unknown(reason: string, next = ""): Answer {
  return { state: "unknown", reason, next };
}

/** A refusal of the kernel is a `no`; any other failure only says that the question could not be put. */
function refused(error: unknown): Answer {
  const [reason, remedy] = String((error as Error).message ?? error).split(" -> ");
  const forbidden = error instanceof SysError && ["EPERM", "EACCES"].includes(error.code);
  const next = forbidden ? "run as root (sudo)" : remedy;
  const answer = error instanceof SysError || error instanceof NotSupportedError ? no : unknown;
  return answer(reason!.trim(), next?.trim());
}

/**
 * The answer for a call whose refusal has a meaning of its own.
 *
 * @param meanings errno name to answer
 * @throws The error itself when none fits.
 */
export function meaningOf(error: unknown, meanings: Readonly<Record<string, Answer>>): Answer {
  const answer = error instanceof SysError ? meanings[error.code] : undefined;
  if (answer) return answer;
  throw error;
}

/** Tries one thing. @param run what to try; whatever it throws becomes the answer */
export function attempt(name: ProbeName, run: () => Answer): Probe {
  try {
    return { name, ...run() };
  } catch (error) {
    return { name, ...refused(error) };
  }
}

/** Tries one thing that takes a while. */
export async function attemptLater(name: ProbeName, run: () => Promise<Answer>): Promise<Probe> {
  try {
    return { name, ...(await run()) };
  } catch (error) {
    return { name, ...refused(error) };
  }
}
