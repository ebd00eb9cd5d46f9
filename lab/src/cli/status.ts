import { isProcessAlive } from "../net/index.js";
import { type LabState, pageLines, pages, readState } from "./lab-state.js";
import { JSON_OPTION, type Request, type Verb } from "./verb.js";

export const status: Verb = {
  name: "status",
  summary: "tell whether the notebooks are served, where, and what runs",
  operands: "",
  options: { json: JSON_OPTION },
  details: "Leaves with 0 where the lab runs and answers, with 1 where it does not.",
  run: tellStatus,
};

/** One notebook with a kernel, as Jupyter's REST interface tells it. */
interface Session {
  readonly path: string;
  readonly kernel: { readonly execution_state: string };
}

async function tellStatus(request: Request): Promise<number> {
  const state = readState();
  const sessions = state === null ? null : await listSessions(state.baseUrl, state.token);
  const isKept = state !== null && isProcessAlive(state.keeper);
  const answers = isKept && sessions !== null;
  if (request.flag("json")) {
    const address = state === null ? {} : { ...state, ...pages(state) };
    console.log(
      JSON.stringify({ running: state !== null, answers, ...address, sessions: sessions ?? [] }, null, 2),
    );
  } else if (state === null) {
    console.log("The lab is not running. Start it with: npx ringside start");
  } else {
    console.log(isKept ? runningSince(state, answers) : KILLED);
    for (const { path, kernel } of sessions ?? [])
      console.log(`  ${kernel.execution_state.padEnd(8)} ${path}`);
  }
  return answers ? 0 : 1;
}

const KILLED = `The lab was killed; what its notebooks run goes on, and nobody sees it.
Take it over with: npx ringside start
End it with: npx ringside reset`;

function runningSince(state: LabState, answers: boolean): string {
  const how = answers ? "The lab is running" : "The lab runs, but does not answer";
  return `${how} since ${state.since}.\n${pageLines(state)}`;
}

async function listSessions(baseUrl: string, token: string): Promise<Session[] | null> {
  const { patient } = await import("../sys/index.js");
  try {
    const headers = { Authorization: `token ${token}` };
    const answer = await fetch(`${baseUrl}api/sessions`, {
      headers,
      signal: AbortSignal.timeout(patient(3000)),
    });
    return answer.ok ? ((await answer.json()) as Session[]) : null;
  } catch {
    return null;
  }
}
