// The commonest way to receive nothing: a socket is bound to one queue, packets come in on another. Nothing fails.

import { openReceiver, type QueueCount, type XdpReceiver } from "../../xdp/index.js";
import type { Context, Experiment } from "../experiment.js";
import { noteLinks } from "../note-links.js";

/** How much to send. */
export interface WrongQueueParams {
  /** Packets in each of two rounds, 1 to 256. */
  readonly packets: number;
}

/** What happened to the packets of a queue without a socket, and then of one with. */
export interface WrongQueueOutcome {
  readonly packets: number;
  /** The queue that packets came in on: on a veth, the sending CPU's number modulo the number of queues. */
  readonly arrivalQueue: number;
  readonly boundQueue: number;
  /** First round: how many the socket received, and how many the driver gave to the stack. */
  readonly received: number;
  readonly toStack: number;
  readonly queues: readonly QueueCount[];
  /** The cause by name, from the counters alone. */
  readonly cause: string;
  /** Second round, with a second socket on the arrival queue. */
  readonly receivedByRightSocket: number;
}

async function run({ packets }: WrongQueueParams, context: Context): Promise<WrongQueueOutcome> {
  let receiver: XdpReceiver | undefined;
  context.onClose(() => receiver?.close());
  const arrivalQueue = context.cpu % 2;
  const boundQueue = 1 - arrivalQueue;
  receiver = openReceiver({ queues: 2, queue: boundQueue, ringSize: 256, frames: 256 });
  const { injector, socket } = receiver;
  noteLinks(context, receiver.testbed);
  const { atPeer } = injector.injectNow(packets);
  const received = socket.rxRing.peek(packets);
  const queues = receiver.queueCounts();
  const cause = receiver.explain();
  await context.breathe();
  const right = receiver.open(arrivalQueue);
  injector.injectNow(packets);
  const receivedByRightSocket = right.socket.rxRing.peek(packets);
  const facts = { packets, arrivalQueue, boundQueue, received, toStack: atPeer.toStack };
  return { ...facts, queues, cause, receivedByRightSocket };
}

const experiment: Experiment<WrongQueueParams, WrongQueueOutcome> = {
  name: "af-xdp-wrong-queue",
  module: import.meta.url,
  question: "What does a socket receive that is bound to another queue than the packets come in on?",
  needs: ["root"],
  unit: "packets",
  defaults: { packets: 200 },
  unseen: ["how a NIC spreads flows over its queues (RSS): on a veth the sending CPU decides"],
  headline: ({ received }) => received,
  run,
};
export default experiment;
