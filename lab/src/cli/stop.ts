import { setTimeout as delay } from "node:timers/promises";
import { isProcessAlive, type ProcessIdentity } from "../net/index.js";
import { type LabState, readState, removeState } from "./lab-state.js";
import type { Verb } from "./verb.js";

const DEADLINE_MS = 20_000;
const POLL_MS = 50;

export const stop: Verb = {
  name: "stop",
  summary: "end the course page, the notebook server and its kernels",
  operands: "",
  options: {},
  details: `Ends the server that npx ringside start of this clone started, and no other: a process is known by its number and
the moment it started. Where nothing runs, that is fine too.`,
  run: stopLab,
};

async function stopLab(): Promise<number> {
  const state = readState();
  if (state === null) {
    removeState();
    console.log("The lab was not running.");
    return 0;
  }
  if (isProcessAlive(state.keeper)) await end(state.keeper);
  else await endServerOf(state);
  removeState();
  console.log("The lab has stopped.");
  return 0;
}

/** A keeper that was killed can no longer end its server. */
async function endServerOf({ server, home }: LabState): Promise<void> {
  const { endFormerServer } = await import("../jupyter/index.js");
  await endFormerServer(server, home);
}

async function end(target: ProcessIdentity): Promise<void> {
  process.kill(target.pid, "SIGTERM");
  const deadline = performance.now() + DEADLINE_MS;
  while (isProcessAlive(target)) {
    if (performance.now() > deadline) {
      throw new Error(
        `Cannot stop the lab: process ${target.pid} still runs after ${DEADLINE_MS / 1000} s -> kill -9 ${target.pid}, then npx ringside reset`,
      );
    }
    await delay(POLL_MS);
  }
}
