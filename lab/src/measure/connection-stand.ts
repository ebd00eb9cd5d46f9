// The stand on which connections are measured: two hosts, and threads of servers and clients that end with the run.
import { countCalls, type ServerDesign, Stand, type StandPlaces } from "../connections/index.js";
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

/** One server and one client on each of the first two CPUs. */
export function onTwoCores(context: Context): StandPlaces {
  const cpus = context.cpus.slice(0, 2);
  return { servers: cpus, clients: cpus };
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
