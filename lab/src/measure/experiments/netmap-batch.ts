// What is a batch worth? The same packets are sent through a netmap port, 1, 2, ... of them between two syncs. A sync is at most
// one system call for each 32 packets, so this is the price of the call, shared by more and more packets. The far end drops
// them in its driver; a program there counts what came.
import { Testbed, twoHosts } from "../../net/index.js";
import { NetmapPort } from "../../ring/index.js";
import type { Interval, PairedComparison } from "../../stats/index.js";
import { threadId } from "../../sys/index.js";
import { countDuring } from "../../trace/index.js";
import { attachXdp, loadCounter, openXdpSocketOn, verdictCounts, type XdpProgram } from "../../xdp/index.js";
import type { Context, Experiment } from "../experiment.js";
import { noteLinks } from "../note-links.js";
import { checkSizes, sweepSizes, USUAL } from "../size-sweep.js";

/** Which batches, how often. */
export interface NetmapBatchParams {
  /** Packets between two syncs, 1 to 512 each; 1 and 32 among them. */
  readonly batches: readonly number[];
  /** Figures of each; 10 or more for a verdict. */
  readonly rounds: number;
}

/** One batch. */
export interface NetmapBatchPoint extends Interval {
  readonly batch: number;
  /** Packets that came to the far end, a second. */
  readonly medianPps: number;
  readonly samplesPps: readonly number[];
  /** System calls of the sending thread for each packet, counted in a run of its own. */
  readonly callsPerPacket: number;
}

/** The sweep. The figure that is guessed is how many times as fast a batch of 32 is as one of 1. */
export interface NetmapBatchOutcome {
  readonly points: readonly NetmapBatchPoint[];
  readonly comparison: PairedComparison;
  /** Packets sent, and how many of them came to the far end. */
  readonly sent: number;
  readonly arrived: number;
}

const SLOTS = 1024;
const PACKET_BYTES = 60;
const TURN_MS = 30;
const COUNTED = 1024;
const MOST_KICKS = 64;

interface Sender {
  readonly port: NetmapPort;
  readonly counter: XdpProgram;
}

function openSender(testbed: Testbed): Sender {
  const counter = loadCounter("DROP");
  attachXdp(testbed, "b", counter);
  const umem = { frameSize: 2048, frameCount: 2 * SLOTS };
  const socket = testbed.own(openXdpSocketOn(testbed, "a", { ringSize: SLOTS, umem }));
  const wake = (): void => {
    for (let kicks = 0; kicks < MOST_KICKS && !socket.wakeTransmit(); kicks++);
  };
  return { port: new NetmapPort(socket, wake, SLOTS), counter };
}

/** Fills a batch of slots and syncs. The bytes are those that the buffers hold: all of them go to nobody. */
function sendBatch(port: NetmapPort, batch: number): number {
  const { tx } = port;
  const count = Math.min(batch, tx.space());
  let slot = tx.head;
  for (let i = 0; i < count; i++) {
    tx.len[slot] = PACKET_BYTES;
    slot = tx.next(slot);
  }
  tx.head = tx.cur = slot;
  port.txSync();
  return count;
}

const arrivals = ({ counter }: Sender): number => verdictCounts(counter).DROP.packets;

/** Sends for one turn. @returns Packets that arrived, a second. */
function turn(sender: Sender, batch: number): { sent: number; arrived: number; pps: number } {
  const before = arrivals(sender);
  const startedMs = performance.now();
  let sent = 0;
  while (performance.now() - startedMs < TURN_MS) {
    for (let i = 0; i < USUAL; i += Math.min(batch, USUAL)) sent += sendBatch(sender.port, batch);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const arrived = arrivals(sender) - before;
  return { sent, arrived, pps: arrived / seconds };
}

/** Counts the calls for `COUNTED` packets, in a run that is not timed. */
async function callsPerPacket({ port }: Sender, batch: number): Promise<number> {
  let sent = 0;
  const { counts } = await countDuring({ syscalls: { tids: [threadId()] } }, () => {
    for (let turns = 0; sent < COUNTED && turns < 2 * COUNTED; turns++) sent += sendBatch(port, batch);
  });
  return (counts.syscalls.byName.sendto ?? 0) / sent;
}

async function run({ batches, rounds }: NetmapBatchParams, context: Context): Promise<NetmapBatchOutcome> {
  checkSizes("batches", batches);
  let testbed: Testbed | undefined;
  context.onClose(() => testbed?.close());
  testbed = Testbed.create(twoHosts());
  const sender = openSender(testbed);
  noteLinks(context, testbed);
  let [sent, arrived] = [0, 0];
  const { rates, comparison } = await sweepSizes(
    "netmap port",
    { sizes: batches, rounds },
    (batch) => {
      const one = turn(sender, batch);
      sent += one.sent;
      arrived += one.arrived;
      return one.pps;
    },
    context,
  );
  const points: NetmapBatchPoint[] = [];
  for (const { size, ...rate } of rates) {
    points.push({ batch: size, ...rate, callsPerPacket: await callsPerPacket(sender, size) });
  }
  return { points, comparison, sent, arrived };
}

const experiment: Experiment<NetmapBatchParams, NetmapBatchOutcome> = {
  name: "netmap-batch",
  module: import.meta.url,
  question: "What is a batch worth to a program that sends by netmap's interface?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { batches: [1, 2, 4, 8, 16, 32, 64, 256], rounds: 12 },
  unseen: [
    "a card: AF_XDP in copy mode makes a socket buffer of each packet that is sent, which netmap does not",
    "the receiver's own CPU: the far end drops on the CPU that sends",
  ],
  headline: ({ comparison }) => comparison.medianRatio,
  run,
};
export default experiment;
