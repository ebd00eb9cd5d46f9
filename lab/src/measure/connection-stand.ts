// The stand on which connections are measured: two hosts, and threads of servers and clients that end with the run.
import { NotSupportedError } from "../base/index.js";
import {
  countCalls,
  type RunTally,
  type ServerDesign,
  Stand,
  type StandPlaces,
  sendByCpu,
} from "../connections/index.js";
import { Testbed, type TwoHostsOptions, twoHosts } from "../net/index.js";
import { allowedCpus } from "../sys/index.js";
import type { Context } from "./experiment.js";

/** Opens a stand for an experiment. @param places which CPUs serve and which ask */
export async function openStand(
  context: Context,
  places: StandPlaces,
  options: TwoHostsOptions = {},
): Promise<{ readonly stand: Stand; readonly testbed: Testbed }> {
  const testbed = Testbed.create(twoHosts(options));
  context.onClose(() => testbed.close());
  const stand = await Stand.open(testbed, places);
  context.onClose(() => stand.close());
  return { stand, testbed };
}

/** Clients on the first CPU, servers on the last: on a machine with one CPU they share it. */
export function apart(context: Context): StandPlaces {
  return { servers: [context.cpu], clients: [context.cpus[0]!] };
}

/**
 * A stand with a server and a client on each of the first two CPUs, and a queue of the wire for each CPU: what a client sends is received on its
 * own CPU, as by a card that has a queue for each core.
 */
export async function openTwoCores(
  context: Context,
): Promise<{ readonly stand: Stand; readonly testbed: Testbed; readonly cpus: readonly number[] }> {
  const cpus = context.cpus.slice(0, 2);
  const opened = await openStand(context, { servers: cpus, clients: cpus }, { queues: cpus.length });
  for (const end of ["a", "b"]) sendByCpu(opened.testbed, end, cpus);
  return { ...opened, cpus };
}

/**
 * Counts the system calls that a server makes for one connection, in this process: for a judge. One connection is open at a time.
 *
 * @param requests questions on each connection, 1 or more
 * @returns Calls of one connection, exact.
 */
export async function callsOfAConnection(design: ServerDesign, requests: number): Promise<number> {
  const connections = 50;
  const cpus = allowedCpus();
  const testbed = Testbed.create(twoHosts());
  try {
    const stand = await Stand.open(testbed, { servers: [cpus.at(-1)!], clients: [cpus[0]!] });
    const spec = {
      design,
      sharing: "shared",
      connections,
      requests,
      ratePerSecond: null,
      window: 1,
    } as const;
    const { calls } = await countCalls(stand, spec);
    await stand.close();
    return calls / connections;
  } finally {
    testbed.close();
  }
}

/**
 * Serves connections of two cores by two servers, one on each, whose listeners a program of the caller's chooses: for a judge. The clients'
 * packets are received on the core that sent them.
 *
 * @param selectionText C with a program in section `sk_reuseport` and a map `listeners`, by CPU
 * @returns What became of 100 connections from each core.
 * @throws CompileError, VerifierError; NotSupportedError on a machine with one CPU
 */
export async function serveByProgram(selectionText: string): Promise<RunTally> {
  const cpus = allowedCpus().slice(0, 2);
  if (cpus.length < 2)
    throw new NotSupportedError(
      "a server on each of two cores",
      "two CPUs",
      "one CPU",
      "give the machine another one",
    );
  const testbed = Testbed.create(twoHosts({ queues: cpus.length }));
  try {
    for (const end of ["a", "b"]) sendByCpu(testbed, end, cpus);
    const stand = await Stand.open(testbed, { servers: cpus, clients: cpus });
    try {
      const load = { connections: 100, requests: 1, ratePerSecond: null, window: 4, patienceMs: 500 };
      const way = { design: "oneByOne", sharing: "perCore", selection: "ebpf", asksCore: true } as const;
      return await stand.run({ ...way, ...load, selectionText });
    } finally {
      await stand.close();
    }
  } finally {
    testbed.close();
  }
}
