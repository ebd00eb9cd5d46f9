// On which core is a connection accepted? One server and one client on each of two cores; a client's packets are processed on
// the client's core, so that is the core of the flow. Each way to share the listeners is asked for every connection, and the
// wake-ups of the servers are counted by CPU pair.
import {
  type ListenerSharing,
  type RunSpec,
  type RunTally,
  type Selection,
  type ServerDesign,
  type Stand,
  steerPackets,
} from "../../connections/index.js";
import { countDuring, type Softirqs, type Wakeups } from "../../trace/index.js";
import { openTwoCores } from "../connection-stand.js";
import type { Experiment } from "../experiment.js";

/** What to serve. */
export interface AcceptCoresParams {
  /** Connections of each client. */
  readonly connections: number;
  /** C text of a selection program to try beside the lab's own ways; none unless given. */
  readonly text: string | null;
}

/** One way to share listeners among cores. */
export interface AcceptCoresRow {
  readonly way: string;
  readonly completed: number;
  /** Accepted by each server, in the order of the CPUs. */
  readonly accepted: readonly number[];
  /** Share of connections that were accepted on the core of their packets, 0 to 1. */
  readonly onCore: number;
  /** Wake-ups of servers: from a softirq or thread of the same CPU, and of another. */
  readonly wakeupsHere: number;
  readonly wakeupsAcross: number;
  readonly wakeups: readonly Wakeups[];
  /** Runs of the receiving softirq by CPU, machine-wide. */
  readonly softirqs: readonly Softirqs[];
}

/** All ways. The figure that is guessed is the share on the right core with one shared listener, in %. */
export interface AcceptCoresOutcome {
  readonly cpus: readonly number[];
  readonly rows: readonly AcceptCoresRow[];
}

interface Way {
  readonly name: string;
  readonly design: ServerDesign;
  readonly sharing: ListenerSharing;
  readonly selection?: Selection;
  readonly text?: string;
  /** RPS on the servers' host: every packet goes to the last CPU. */
  readonly steered?: boolean;
}

const WAYS: readonly Way[] = [
  { name: "one shared listener", design: "oneByOne", sharing: "shared" },
  { name: "one shared listener, epoll", design: "epoll", sharing: "shared" },
  { name: "SO_REUSEPORT, by hash", design: "oneByOne", sharing: "perCore" },
  { name: "classic program, by CPU", design: "oneByOne", sharing: "perCore", selection: "classic" },
  { name: "eBPF program, by CPU", design: "oneByOne", sharing: "perCore", selection: "ebpf" },
  { name: "SO_INCOMING_CPU", design: "oneByOne", sharing: "perCore", selection: "incomingCpu" },
  {
    name: "eBPF program, RPS to one core",
    design: "oneByOne",
    sharing: "perCore",
    selection: "ebpf",
    steered: true,
  },
];
const WINDOW = 4;

/** Serves one way and counts. @throws Error where a connection failed */
async function serve(
  stand: Stand,
  way: Way,
  spec: Omit<RunSpec, "design" | "sharing">,
): Promise<AcceptCoresRow> {
  let wakeups: readonly Wakeups[] = [];
  let softirqs: readonly Softirqs[] = [];
  const { design, sharing, selection = "hash", text } = way;
  const named = text === undefined ? {} : { selectionText: text };
  const tally = await stand.run(
    { ...spec, design, sharing, selection, ...named, asksCore: true },
    async (play, tids) => {
      const { counts } = await countDuring({ wakeups: { tids }, softirqs: true }, play);
      ({ wakeups, softirqs } = counts);
    },
  );
  return rowOf(way.name, tally, wakeups, softirqs);
}

function rowOf(
  way: string,
  { servers, completed, errors }: RunTally,
  wakeups: readonly Wakeups[],
  softirqs: readonly Softirqs[],
): AcceptCoresRow {
  const failed = Object.entries(errors).map(([name, count]) => `${count} with ${name}`);
  if (failed.length > 0)
    throw new Error(
      `Cannot say where connections of ${way} were accepted: ${failed.join(", ")} failed -> run it again on a quieter machine`,
    );
  const sum = (rows: readonly Wakeups[]): number => rows.reduce((total, { count }) => total + count, 0);
  return {
    way,
    completed,
    accepted: servers.map(({ accepted }) => accepted),
    onCore: servers.reduce((total, { onCore }) => total + onCore, 0) / completed,
    wakeupsHere: sum(wakeups.filter(({ wakerCpu, runCpu }) => wakerCpu === runCpu)),
    wakeupsAcross: sum(wakeups.filter(({ wakerCpu, runCpu }) => wakerCpu !== runCpu)),
    wakeups,
    softirqs: softirqs.filter(({ kind }) => kind === "NET_RX"),
  };
}

const experiment: Experiment<AcceptCoresParams, AcceptCoresOutcome> = {
  name: "accept-cores",
  module: import.meta.url,
  question: "On which core is a connection accepted?",
  needs: ["root"],
  unit: "%",
  defaults: { connections: 300, text: null },
  unseen: [
    "a real card: here a veth has a queue for each core, and a packet comes in on the core that sent it",
    "speed: tracing slows every wake-up",
  ],
  headline: ({ rows }) => rows[0]!.onCore * 100,
  async run({ connections, text }, context) {
    const { stand, testbed, cpus } = await openTwoCores(context);
    const own: Way[] =
      text === null
        ? []
        : [{ name: "your program", design: "oneByOne", sharing: "perCore", selection: "ebpf", text }];
    const ways = [...WAYS, ...own];
    const load = { connections, requests: 1, ratePerSecond: null, window: WINDOW, signal: context.signal };
    const rows: AcceptCoresRow[] = [];
    for (const way of ways) {
      context.progress(rows.length / ways.length, way.name);
      steerPackets(testbed, "b", way.steered === true ? cpus.slice(-1) : []);
      rows.push(await serve(stand, way, load));
      await context.breathe();
    }
    return { cpus, rows };
  },
};
export default experiment;
