// A class's notebooks, one after another: each gets a Jupyter server of its own, and each of its answers a kernel of its own, so
// that a notebook that loops, crashes, or ends its server costs the others nothing.

import { mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { exercises } from "../exercise/index.js";
import { type Answer, findAnswers, type JupyterServer, readNotebook, startServer } from "../jupyter/index.js";
import { failed, type Judged, judgeAnswer } from "./judge.js";

/** What to grade. */
export interface ClassSpec {
  /** Searched for `.ipynb` files, in folders below it too. */
  readonly folder: string;
  /** Where the kernels run: inside this clone, or they do not find `ringside`. Made where it is absent. */
  readonly workFolder: string;
  /** Time one cell of one answer may take, in milliseconds. */
  readonly limitMs: number;
  /** Told when a notebook is begun. */
  readonly onNotebook?: (file: string, number: number, of: number) => void;
}

/** One notebook's results. */
export interface GradedNotebook {
  /** Path below the folder. */
  readonly file: string;
  readonly results: readonly Judged[];
}

/**
 * Grades every notebook of a folder.
 *
 * @returns one entry a notebook, whatever is in it, in the order of their paths
 * @throws Error where the folder cannot be read or holds no notebook
 */
export async function gradeFolder(spec: ClassSpec): Promise<GradedNotebook[]> {
  const files = notebookFiles(spec.folder);
  mkdirSync(spec.workFolder, { recursive: true });
  const graded: GradedNotebook[] = [];
  for (const [index, file] of files.entries()) {
    spec.onNotebook?.(file, index + 1, files.length);
    graded.push({ file, results: await gradeNotebook(join(spec.folder, file), spec) });
  }
  return graded;
}

function notebookFiles(folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch (error) {
    throw new Error(
      `Cannot grade ${folder}: ${(error as NodeJS.ErrnoException).code} -> give the folder that holds the notebooks`,
    );
  }
  const files = entries
    .filter((name) => name.endsWith(".ipynb") && !name.includes(".ipynb_checkpoints"))
    .sort();
  if (files.length === 0) {
    throw new Error(
      `Cannot grade ${folder}: it holds no .ipynb file -> give the folder that holds the notebooks`,
    );
  }
  return files;
}

async function gradeNotebook(path: string, spec: ClassSpec): Promise<Judged[]> {
  const expected = exercisesOf(path);
  let answers: Answer[];
  try {
    answers = await findAnswers(readNotebook(path));
  } catch (error) {
    const reason = (error as Error).message;
    return expected.map((id) => failed(id, "unreadable", reason));
  }
  const known = new Set(exercises.map(({ id }) => id));
  const given = new Map(
    answers.filter(({ exercise }) => known.has(exercise)).map((each) => [each.exercise, each]),
  );
  const servers = openServers(spec.workFolder);
  try {
    const results: Judged[] = [];
    for (const id of new Set([...expected, ...given.keys()])) {
      const answer = given.get(id);
      if (answer === undefined) results.push(failed(id, "missing", "no cell of the notebook checks it"));
      else results.push(await judgeSafely(await servers.current(), answer, spec.limitMs));
    }
    return results;
  } finally {
    await servers.stop();
  }
}

/** The exercises that a notebook should hold, by how its file's name begins; of a file by another name, none. */
function exercisesOf(path: string): string[] {
  const name = basename(path);
  return exercises.map(({ id }) => id).filter((id) => name.startsWith(id.slice(0, id.indexOf("/"))));
}

/** An answer may take its whole server along; that is its result, and the next answer gets another server. */
async function judgeSafely(server: JupyterServer, answer: Answer, limitMs: number): Promise<Judged> {
  try {
    return await judgeAnswer(server, answer, limitMs);
  } catch (error) {
    return failed(answer.exercise, "died", (error as Error).message);
  }
}

interface Servers {
  /** The server that answers; a new one where the last is gone. */
  current(): Promise<JupyterServer>;
  stop(): Promise<void>;
}

function openServers(folder: string): Servers {
  let server: JupyterServer | null = null;
  const stop = async (): Promise<void> => {
    await server?.stop();
    server = null;
  };
  const current = async (): Promise<JupyterServer> => {
    if (server !== null && !(await answers(server))) await stop();
    server ??= await startServer({ folder });
    return server;
  };
  return { current, stop };
}

async function answers({ baseUrl, token }: JupyterServer): Promise<boolean> {
  const headers = { Authorization: `token ${token}` };
  const answer = await fetch(`${baseUrl}api/status`, { headers, signal: AbortSignal.timeout(3000) }).catch(
    () => null,
  );
  return answer?.ok === true;
}
