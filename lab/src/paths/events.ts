// What a packet costs in events, exactly: system calls of the consuming thread, socket buffers, NAPI polls, context switches.
// The packets come in bursts that fit the path's ring. While a burst is injected the consumer spins without a system call;
// then it takes the burst and spins again. So a call that is counted was made for a packet that was there: the loop that is rated
// makes more, since it waits by a call wherever it finds nothing.
// Counting slows what it watches: no rate is taken here.
import { statSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Testbed } from "../net/index.js";
import { threadId } from "../sys/index.js";
import {
  type NapiPolls,
  startTrace,
  type ThreadSwitches,
  type TraceCounts,
  type Watched,
} from "../trace/index.js";
import { ConsumerThread } from "./consumer-thread.js";
import type { FarEnd } from "./far-end.js";
import { flowControl } from "./flow-control.js";
import type { PathName } from "./path.js";
import type { Stage } from "./stage.js";

/** Events of one run, all packets together. */
export interface Events {
  readonly path: PathName;
  readonly packets: number;
  readonly received: number;
  /** Most packets that one `receive` handled. */
  readonly batch: number;
  /** System calls of the thread that ends the packets by name, the most frequent first; null where the softirq that brings them does. */
  readonly syscalls: Readonly<Record<string, number>> | null;
  /** Of these, the ones that ask the kernel for packets or wait for them: the others are the JavaScript engine's own. */
  readonly receiving: number | null;
  /** Socket buffers that entered the stacks of both hosts. */
  readonly skbs: number;
  /** How often the kernel polled the receiving interface, and how many packets it handled in all polls. */
  readonly napi: { readonly polls: number; readonly work: number };
  /** How often that thread left its CPU; a spinning one is mostly pushed. */
  readonly switches: { readonly voluntary: number; readonly involuntary: number } | null;
  /** Copies of a packet's bytes, as the path declares them. */
  readonly copies: number;
  /** Events that were seen and not counted: 0, or the figures are too low. */
  readonly uncounted: number;
}

/** By which calls a program asks for packets; `read` is not among them, for libuv wakes its own loop with it. */
const RECEIVING: readonly string[] = [
  ...["recvfrom", "recvmsg", "recvmmsg", "ioctl", "io_uring_enter"],
  ...["poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait", "epoll_pwait2"],
];

const DRAIN_MS = 5000;
/** Packets on their way under a running load: fewer than any path's ring holds. */
const IN_FLIGHT = 512;
/** Half the ring of a veth: what is sent on over a second wire at once must fit into its ring. */
const HALF_WIRE = 128;
/** Packets that have not come so much later were dropped, in ms. */
const ARRIVAL_MS = 500;

/**
 * Counts the events of a path.
 *
 * @param packets in all, a multiple of `burst`
 * @param burst packets at a time: fewer than the path's ring holds, and a multiple of its batch
 */
export function countEvents(
  stage: Stage,
  packets: number,
  burst = 512,
  signal?: AbortSignal,
): Promise<Events> {
  const { far, injector } = stage;
  return counted(stage, packets, async () => {
    const consumer = far instanceof ConsumerThread ? far : null;
    const size = consumer === null ? Math.min(burst, HALF_WIRE) : burst;
    for (let sent = size; sent <= packets; sent += size) {
      injector.injectNow(size);
      if (consumer === null) await arrival(far, sent);
      else if (!consumer.drain(sent, DRAIN_MS)) break;
      await nextTurn();
      signal?.throwIfAborted();
    }
  });
}

/**
 * Counts them under a running load: the injector keeps its rate, and the consumer is busy all the time: it looks again and again and
 * never asks to wait, so a call that is counted was made to get packets, and none to sleep.
 *
 * @param packets in all
 * @param ratePps packets a second; fewer come where the consumer has not taken the last 512
 * @throws TypeError for a path that ends in no thread of ours
 */
export function countEventsUnderLoad(
  stage: Stage,
  packets: number,
  ratePps: number,
  signal?: AbortSignal,
): Promise<Events> {
  const { far, injector } = stage;
  if (!(far instanceof ConsumerThread)) {
    throw new TypeError(
      `Cannot keep ${stage.path.title} busy: no thread of ours takes its packets -> count in bursts, with countEvents`,
    );
  }
  return counted(stage, packets, async () => {
    far.startDraining(packets);
    await injector.inject(packets, {
      ratePps,
      allow: flowControl(far, IN_FLIGHT),
      ...(signal && { signal }),
    });
    far.waitUntilDrained(DRAIN_MS);
  });
}

/** Counts while a load is offered to a consumer that is held. */
async function counted(stage: Stage, packets: number, offer: () => Promise<void>): Promise<Events> {
  const { far } = stage;
  const expectation = { first: stage.injector.offered, startNs: 0, intervalNs: 0 };
  await (far instanceof ConsumerThread ? far.beginHeld(expectation) : far.begin(expectation));
  const watched = { tids: [far.tid ?? threadId()] };
  const namespaces = ["a", "b"].map((host) => stage.testbed.path(host));
  const trace = startTrace({ skbs: { namespaces }, syscalls: watched, switches: watched, napi: true });
  try {
    await offer();
    const counts = trace.stop();
    const { taken } = await far.finish();
    return eventsOf(stage, packets, taken.packets, counts, far.tid !== null);
  } finally {
    trace.stop();
  }
}

/** Waits until the far end has counted so many packets: a cpumap, e.g., hands them on to another CPU's thread. */
async function arrival(far: FarEnd, packets: number): Promise<void> {
  const deadline = performance.now() + ARRIVAL_MS;
  while (far.received() < packets && performance.now() < deadline) await nextTurn();
}

/** Sums the counters. @param isThread whether a thread ended the packets */
function eventsOf(
  stage: Stage,
  packets: number,
  received: number,
  counts: Counts,
  isThread: boolean,
): Events {
  const { path, options, testbed } = stage;
  const calls = counts.syscalls.byName;
  return {
    path: path.name,
    packets,
    received,
    batch: options.batch,
    syscalls: isThread ? calls : null,
    receiving: isThread ? sum(RECEIVING, (name) => calls[name] ?? 0) : null,
    skbs: counts.skbs.own.entered,
    napi: pollsOf(testbed, "b", counts.napi),
    switches: isThread ? switchesOf(counts.switches) : null,
    copies: path.copies.count,
    // The slab's own events are not asked for here: they may be missed, and nothing above is the less exact.
    uncounted: counts.uncounted - counts.skbs.uncounted.slab,
  };
}

/** What the kernel's polls of one host's interface come to. */
export function pollsOf(testbed: Testbed, host: string, all: readonly NapiPolls[]): Events["napi"] {
  const own = statSync(testbed.path(host)).ino; // every testbed of the machine has an interface of this name
  const polls = all.filter(({ device, netns }) => device === testbed.end(host).device && netns === own);
  return { polls: sum(polls, (poll) => poll.polls), work: sum(polls, (poll) => poll.work) };
}

/** How often some threads left their CPUs, all together. */
export function switchesOf(threads: readonly ThreadSwitches[]): NonNullable<Events["switches"]> {
  return {
    voluntary: sum(threads, ({ voluntary }) => voluntary),
    involuntary: sum(threads, ({ involuntary }) => involuntary),
  };
}

type Counts = TraceCounts<{
  skbs: { namespaces: string[] };
  syscalls: Watched;
  switches: Watched;
  napi: true;
}>;

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
