// All exercises of the course, by id. One file (or folder) a notebook, in reading order.
import type { Exercise } from "../types.js";
import { startHereExercises } from "./00-start-here.js";
import { twoRates } from "./01-faster-than-the-cpu.js";
import { packetBudgetExercises } from "./02-packet-budgets.js";
import { echoWithinBudget } from "./10-posix-sockets.js";
import { halveTheCalls } from "./11-what-a-syscall-costs.js";
import { syscallPage } from "./12-exception-less-syscalls.js";
import { batchingExercises } from "./13-batching-and-partitioning.js";
import { coreExercises } from "./14-sockets-and-cores.js";
import { skbExercises } from "./20-one-skb-per-packet.js";
import { withoutALock } from "./21-locks-and-shared-buffers.js";
import { classify } from "./30-map-of-bypass.js";
import { ringExercises } from "./31-rings-from-scratch.js";
import { packetMmapExercises } from "./32-packet-mmap.js";
import { afXdpExercises } from "./33-af-xdp.js";
import { netmapExercises } from "./34-netmap.js";
import { dpdkExercises } from "./35-dpdk.js";
import { accessGuard } from "./36-rdma.js";
import { stackExercises } from "./40-a-stack-in-user-space.js";
import { eventBatch, retransmissionTimer } from "./41-tcp-in-user-space.js";
import { datagramSockets } from "./42-sockets-as-a-library.js";
import { articlesProgramExercises } from "./50-the-articles-program.js";
import { verdictExercises } from "./51-verdicts.js";
import { fairTest } from "./52-the-veth-trap.js";
import { requestExercises } from "./53-requests-in-xdp.js";
import { underABudget } from "./54-smartnic.js";
import { yourVerdict } from "./60-bake-off.js";

/** Every exercise, in the order of the notebooks. */
export const exercises: readonly Exercise<unknown>[] = [
  ...startHereExercises,
  twoRates as Exercise<unknown>,
  ...packetBudgetExercises,
  echoWithinBudget as Exercise<unknown>,
  halveTheCalls as Exercise<unknown>,
  syscallPage as Exercise<unknown>,
  ...batchingExercises,
  ...coreExercises,
  ...skbExercises,
  withoutALock as Exercise<unknown>,
  classify as Exercise<unknown>,
  ...ringExercises,
  ...packetMmapExercises,
  ...afXdpExercises,
  ...netmapExercises,
  ...dpdkExercises,
  accessGuard as Exercise<unknown>,
  ...stackExercises,
  retransmissionTimer as Exercise<unknown>,
  eventBatch as Exercise<unknown>,
  datagramSockets as Exercise<unknown>,
  ...articlesProgramExercises,
  ...verdictExercises,
  fairTest as Exercise<unknown>,
  ...requestExercises,
  underABudget as Exercise<unknown>,
  yourVerdict as Exercise<unknown>,
];

/**
 * Finds an exercise by its id.
 *
 * @param id notebook and exercise, `20-one-skb-per-packet/predict-the-counts`
 * @throws RangeError where there is none; it names those of the notebook, if that is known
 */
export function findExercise(id: string): Exercise<unknown> {
  const found = exercises.find((exercise) => exercise.id === id);
  if (found !== undefined) return found;
  const notebook = id.split("/")[0]!;
  const near = exercises.filter((exercise) => exercise.id.startsWith(`${notebook}/`));
  const next =
    near.length === 0
      ? "`npx ringside check` lists them"
      : `take one of ${near.map((exercise) => exercise.id).join(", ")}`;
  throw new RangeError(`Cannot find exercise "${id}": there is none of that id -> ${next}`);
}
