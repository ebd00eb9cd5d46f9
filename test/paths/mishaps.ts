// How each trouble is made, on an open stage.
import { readdirSync, readFileSync } from "node:fs";
import { setPriority } from "node:os";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Testbed } from "ringside/net";
import {
  addressOfEnd,
  ConsumerThread,
  chooseCpus,
  DEFAULT_OPTIONS,
  type PathName,
  type Run,
  Stage,
  type StageSpec,
} from "ringside/paths";

/** So long nothing must come from a consumer that runs again, in ms. */
const QUIET_MS = 250;
/** So long a thread that runs again may find nothing, in ms. */
const DRAIN_MS = 100;

/** What a test reads of a run. */
export type Outcome = Pick<Run, "offered" | "received" | "losses" | "unaccounted">;

/** Stops a consumer; what it returns lets it go on. */
export type Halt = () => () => void;

export async function onStage<T>(spec: StageSpec, run: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await Stage.open(spec);
  try {
    return await run(stage);
  } finally {
    await stage.close();
  }
}

/** How a thread of ours receives by a path at host b, on the consumer's CPU. */
export function receiving(testbed: Testbed, path: PathName): Parameters<typeof ConsumerThread.open>[0] {
  const end = testbed.end("b");
  return {
    path,
    place: { device: end.device, queue: 0, queues: 1, address: addressOfEnd(end), port: 7777 },
    options: DEFAULT_OPTIONS,
    namespace: testbed.path("b"),
    cpu: chooseCpus().consumer,
    sharesCpu: false,
    touch: "headers",
    language: "typescript",
    paced: false,
  };
}

/** For consumers that are processes. */
export function haltProcesses(pids: readonly number[]): Halt {
  return () => {
    for (const pid of pids) process.kill(pid, "SIGSTOP");
    while (!pids.every(hasStopped)); // a thread on another CPU runs on until the kernel reaches it
    return () => {
      for (const pid of pids) process.kill(pid, "SIGCONT");
    };
  };
}

/** Whether each of its threads has. @source proc_pid_stat(5), state T */
function hasStopped(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((tid) =>
    / T \d+ /.test(readFileSync(`/proc/${pid}/task/${tid}/stat`, "utf8")),
  );
}

/** For threads of the kernel, which no signal stops: they come last on their CPU. */
export function haltThreads(tids: readonly number[]): Halt {
  return () => {
    for (const tid of tids) setPriority(tid, 19);
    return () => {
      for (const tid of tids) setPriority(tid, 0);
    };
  };
}

/** Offers a burst while nobody takes packets, then lets the consumer take what is left. A thread of ours is held by its own command. */
export async function offerWhileHalted(stage: Stage, frames: number, halt: Halt): Promise<Outcome> {
  const { far, injector } = stage;
  const isOurs = far instanceof ConsumerThread;
  const expectation = { first: injector.offered, startNs: 0, intervalNs: 0 };
  await (isOurs ? far.beginHeld(expectation) : far.begin(expectation));
  const goOn = halt();
  const injection = injector.injectNow(frames, { ratePps: Number.POSITIVE_INFINITY });
  goOn();
  if (isOurs) far.drain(2 ** 31 - 1, DRAIN_MS);
  else await quiet(stage);
  const { taken, drops } = await far.finish();
  const losses = [
    ...injection.losses.map(({ hop, frames: packets, next }) => ({ hop, packets, next })),
    ...drops.filter(({ packets }) => packets > 0),
  ];
  const lost = losses.reduce((sum, { packets }) => sum + packets, 0);
  const received = taken.packets;
  return { offered: injection.offered, received, losses, unaccounted: injection.offered - received - lost };
}

async function quiet({ far }: Stage): Promise<void> {
  for (let last = -1, ms = performance.now(); performance.now() - ms < QUIET_MS; await nextTurn()) {
    await far.refresh?.();
    if (far.received() !== last) [last, ms] = [far.received(), performance.now()];
  }
}

/** Begins a run and waits for its first packet. @returns its end, whose failure is the caller's to await */
export async function underWay(
  stage: Stage,
  load: Parameters<Stage["run"]>[0],
): Promise<{ ended: Promise<Run> }> {
  const ended = stage.run(load);
  ended.catch(() => undefined);
  while (stage.far.received() === 0) await nextTurn();
  return { ended };
}
