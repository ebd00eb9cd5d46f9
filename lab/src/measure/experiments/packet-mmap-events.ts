// What does a packet cost that comes through a ring of PACKET_MMAP blocks: how many system calls, how many socket buffers? The
// same packets also come by one call each, and by AF_XDP: the first shows that the counter of calls is not blind, the second that
// the counter of socket buffers can say 0.
import {
  chooseCpus,
  countEvents,
  type Events,
  type HopCount,
  type PathName,
  Stage,
} from "../../paths/index.js";
import { startTrace } from "../../trace/index.js";
import type { Context, Experiment } from "../experiment.js";
import { noteLinks } from "../note-links.js";

/** How much to receive. */
export interface PacketMmapEventsParams {
  /** Packets by each way, a multiple of 512. */
  readonly packets: number;
  /** Packets a second for the receiver that sleeps. */
  readonly ratePps: number;
}

/** A receiver at work: it looks, and sleeps when nothing is there. */
export interface AtWork {
  readonly offered: number;
  readonly received: number;
  readonly lost: number;
  /** Where they were lost; empty where none was. */
  readonly losses: readonly HopCount[];
  /** Its calls that ask for packets or wait for them, and all others. */
  readonly receiving: number;
  readonly other: number;
}

/** What was seen. */
export interface PacketMmapEventsOutcome {
  /** One call a packet on an AF_PACKET socket, PACKET_MMAP, AF_XDP: each with its packets at hand, 64 at a time. */
  readonly ways: readonly (Events & { readonly title: string })[];
  /** PACKET_MMAP at a set rate, sleeping where nothing waits. */
  readonly atWork: AtWork;
}

const WAYS: readonly PathName[] = ["packet-recvmsg", "packet-mmap", "xdp-need-wakeup"];
/** Packets that each way can hold: many, so that a busy machine loses none of them there. */
const RING_SIZE = 16_384;
const RECEIVING = ["poll", "recvfrom", "recvmsg", "recvmmsg"] as const;

async function onStage<T>(path: PathName, context: Context, run: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await Stage.open({ path, options: { ringSize: RING_SIZE }, cpus: chooseCpus(context.cpus) });
  try {
    await stage.assertDelivery();
    noteLinks(context, stage.testbed);
    return await run(stage);
  } finally {
    await stage.close();
  }
}

/** Traces the receiver's thread during a run at a set rate. */
async function atWork(
  stage: Stage,
  { packets, ratePps }: PacketMmapEventsParams,
  signal: AbortSignal,
): Promise<AtWork> {
  const trace = startTrace({ syscalls: { tids: [stage.far.tid!] } });
  try {
    const { offered, received, losses } = await stage.run({ frames: packets, ratePps }, signal);
    const { total, byName } = trace.stop().syscalls;
    const receiving = RECEIVING.reduce((calls, name) => calls + (byName[name] ?? 0), 0);
    return { offered, received, lost: offered - received, losses, receiving, other: total - receiving };
  } finally {
    trace.stop();
  }
}

async function run(params: PacketMmapEventsParams, context: Context): Promise<PacketMmapEventsOutcome> {
  const { packets } = params;
  if (!(packets >= 512 && packets % 512 === 0)) {
    throw new RangeError(
      `Cannot count the events of ${packets} packets: they come 512 at a time -> try 65536`,
    );
  }
  const ways: (Events & { title: string })[] = [];
  for (const name of WAYS) {
    context.progress(ways.length / 4, `counting by ${name}`);
    const count = async (stage: Stage): Promise<Events & { title: string }> => ({
      ...(await countEvents(stage, packets, 512, context.signal)),
      title: stage.path.title,
    });
    ways.push(await onStage(name, context, count));
    await context.breathe();
  }
  context.progress(3 / 4, "receiving at a set rate");
  return {
    ways,
    atWork: await onStage("packet-mmap", context, (stage) => atWork(stage, params, context.signal)),
  };
}

const experiment: Experiment<PacketMmapEventsParams, PacketMmapEventsOutcome> = {
  name: "packet-mmap-events",
  module: import.meta.url,
  question: "How many system calls and socket buffers does a packet cost that comes by PACKET_MMAP?",
  needs: ["root"],
  unit: "calls",
  defaults: { packets: 65_536, ratePps: 200_000 },
  unseen: [
    "what the kernel does for each packet before it is in the block: softirq, the skb, the tap, one copy",
    "the price in time: tracing slows what it watches",
  ],
  headline: ({ atWork: { receiving } }) => receiving,
  run,
};
export default experiment;
