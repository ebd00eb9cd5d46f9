// Provokes a refusal of the kernel by its name: `refusals/<name>.bpf.c`, or instructions of `refused-bytecode.ts`.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { VerifierError } from "ringside/base";
import { loadInstructions } from "ringside/sys";
import { loadXdpText } from "ringside/xdp";
import { assemble } from "./assemble.js";
import { REFUSED_BYTECODE } from "./refused-bytecode.js";

const FOLDER = new URL("refusals/", import.meta.url);
const SOURCE = ".bpf.c";

/** Every refusal that is kept here. */
export const REFUSALS: readonly string[] = [
  ...readdirSync(FOLDER)
    .filter((file) => file.endsWith(SOURCE))
    .map((file) => file.slice(0, -SOURCE.length)),
  ...Object.keys(REFUSED_BYTECODE),
].sort();

/** The file that keeps the log of a refusal, as Linux 6.18 wrote it. */
export const logFile = (name: string): URL => new URL(`${name}.log`, FOLDER);

/** The log that is kept. */
export const keptLog = (name: string): string => readFileSync(logFile(name), "utf8");

/** The C text that provokes it; null where instructions do. */
export function sourceOf(name: string): string | null {
  if (name in REFUSED_BYTECODE) return null;
  return readFileSync(new URL(`${name}${SOURCE}`, FOLDER), "utf8");
}

// Root may hand out addresses. To see that refused, a process gives up the right to and loads the program then.
const NEEDS_LESS_RIGHTS: ReadonlySet<string> = new Set(["pointer-answer"]);
const WITHOUT_PERFMON = [
  "--bounding-set=-perfmon,-sys_admin",
  process.execPath,
  "--input-type=module",
  "--eval",
];
const LOAD = (code: Uint8Array): string => `
import { loadInstructions } from "ringside/sys";
try { loadInstructions(Uint8Array.of(${code.join()}), { name: "refused" }); } catch (error) { console.log(error.log); }`;

function provokeWithLessRights(code: Uint8Array): string {
  const child = spawnSync("setpriv", [...WITHOUT_PERFMON, LOAD(code)], { encoding: "utf8" });
  if (child.status === 0 && child.stdout !== "") return child.stdout;
  throw new Error(`no refusal: ${child.stderr}`);
}

/** Lets this kernel refuse the program. @returns its log @throws Error where it takes it */
export function provoke(name: string): string {
  const text = sourceOf(name);
  if (NEEDS_LESS_RIGHTS.has(name)) return provokeWithLessRights(assemble(REFUSED_BYTECODE[name]!));
  try {
    const program =
      text === null
        ? loadInstructions(assemble(REFUSED_BYTECODE[name]!), { name: "refused" })
        : loadXdpText(text, name);
    program.close();
  } catch (error) {
    if (error instanceof VerifierError) return error.log;
    throw error;
  }
  throw new Error(`the kernel took ${name}`);
}
