import { tmpdir } from "node:os";
import { isProcessAlive } from "../net/index.js";
import { readState, removeState } from "./lab-state.js";
import { ROOMS, STATE_FOLDER } from "./place.js";
import { JSON_OPTION, type Request, type Verb } from "./verb.js";

export const reset: Verb = {
  name: "reset",
  summary: "remove what a killed run left behind",
  operands: "",
  options: {
    all: { type: "boolean", help: "also what a process that still lives has made, e.g. a kernel that hangs" },
    json: JSON_OPTION,
  },
  details: `Removes network namespaces whose maker is dead, with the links and processes in them; wires of
RDMA, which can be in no namespace of their own; the notebook server of a lab or a workshop that was killed; and temporary
folders of dead processes. A lab that runs stays as it is. BPF programs need no removal: they are attached by links, which
end with their process. Needs root where there are namespaces or wires to remove.`,
  run: resetAll,
};

/** Those of servers, queues, solved notebooks, graders and recordings carry their maker's number: ringside-jupyter-<pid>-... */
const OURS = /^(?:ringside-[a-z]+|solutions|grading|recording)-(\d+)-/;

async function resetAll(request: Request): Promise<number> {
  const { removeFoldersOfDead, resetLab } = await import("../net/index.js");
  const { endOrphans } = await import("../workshop/index.js");
  const removed = resetLab({ all: request.flag("all") });
  const { namespaces, interfaces } = removed;
  const ended = [...removed.processes, ...(await endOrphanServer()), ...(await endOrphans(ROOMS))];
  const left = [tmpdir(), STATE_FOLDER].flatMap((parent) => removeFoldersOfDead(parent, OURS));
  const folders = [...removed.folders, ...left];
  if (request.flag("json")) {
    console.log(JSON.stringify({ namespaces, interfaces, processes: ended, folders }, null, 2));
    return 0;
  }
  for (const name of namespaces) console.log(`removed namespace ${name}`);
  for (const name of interfaces) console.log(`removed interface ${name}`);
  for (const pid of ended) console.log(`ended process ${pid}`);
  for (const folder of folders) console.log(`removed folder ${folder}`);
  if (namespaces.length + interfaces.length + ended.length + folders.length === 0)
    console.log("Nothing was left behind.");
  return 0;
}

/** A server without its keeper: nobody else would end it. */
async function endOrphanServer(): Promise<number[]> {
  const state = readState();
  if (state === null) removeState();
  if (state === null || isProcessAlive(state.keeper)) return [];
  const { endFormerServer } = await import("../jupyter/index.js");
  await endFormerServer(state.server, state.home);
  removeState();
  return [state.server.pid];
}
