// Why does an AF_XDP socket receive nothing? The kernel gives no error: a packet of another queue, or of a
// queue without a socket, simply goes to the stack. The redirecting program counts per queue, the socket
// counts its drops, and together they name the cause.
import type { XskStatistics } from "../ring/index.js";

/** How often `xsk_redirect` ran for one queue: with a socket in the map, and without. */
export interface QueueCount {
  queue: number;
  hits: number;
  misses: number;
}

/** What is known of a socket that receives nothing. */
export interface SilenceFacts {
  interfaceName: string;
  /** The queue that the socket is bound to. */
  queue: number;
  queues: readonly QueueCount[];
  statistics: XskStatistics;
}

/** Anything that can sum up a slot of the program's counters. */
export interface CounterMap {
  readCounters(index: number): number[];
}

/** Reads the per-queue counters of `xsk_redirect`. @param queues how many queues the interface has */
export function readQueueCounts(map: CounterMap, queues: number): QueueCount[] {
  return Array.from({ length: queues }, (_, queue) => {
    const [hits = 0, misses = 0] = map.readCounters(queue);
    return { queue, hits, misses };
  });
}

/** Names the most likely cause of silence and the next step. */
export function explainSilence({ interfaceName, queue, queues, statistics }: SilenceFacts): string {
  const silent = `Cannot receive on ${interfaceName} queue ${queue}`;
  const own = queues.find((count) => count.queue === queue) ?? { queue, hits: 0, misses: 0 };
  if (own.hits > 0) return `${silent}: ${explainDrops(own.hits, statistics)}`;
  if (own.misses > 0) {
    return `${silent}: ${own.misses} packets came in on it, but the xskmap has no socket for it -> call attach(map)`;
  }
  const elsewhere = queues.filter(({ hits, misses }) => hits + misses > 0);
  if (elsewhere.length > 0) {
    const seen = elsewhere.map((count) => `${count.hits + count.misses} on queue ${count.queue}`).join(", ");
    return `${silent}: wrong queue; packets came in ${seen} -> bind a socket to queue ${elsewhere[0].queue}`;
  }
  return `${silent}: no packet reached the XDP program -> check that the program is attached here and that the sender's frames arrive at all`;
}

function explainDrops(hits: number, { rxDropped, rxRingFull, rxFillRingEmptyDescs }: XskStatistics): string {
  if (rxFillRingEmptyDescs > 0) {
    return `the fill ring was empty ${rxFillRingEmptyDescs} times, so the packet had nowhere to go -> put frames into the fill ring before packets come`;
  }
  if (rxRingFull > 0) {
    return `the rx ring was full for ${rxRingFull} packets -> release what was read`;
  }
  if (rxDropped > 0) return `${rxDropped} packets were longer than a frame's room -> use larger frames`;
  return `${hits} packets were handed over and none was dropped -> look at the rx ring: they wait there`;
}
