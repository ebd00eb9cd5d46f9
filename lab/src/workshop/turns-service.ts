// The queue for the machine as a process of its own, for whoever has no workshop around it: JupyterHub starts it as a service
// (vm/jupyterhub). It listens where the kernels look for it, and ends by a signal.

import { TURNS_VARIABLE } from "../measure/index.js";
import { keepTurns } from "./turns.js";

async function serve(): Promise<void> {
  const path = process.env[TURNS_VARIABLE];
  if (path === undefined || path === "") {
    throw new Error(`Cannot keep the queue: ${TURNS_VARIABLE} is not set -> set it to the path of a socket`);
  }
  const turns = await keepTurns({ at: path });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void turns.close());
}

serve().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
