// What a sent packet costs in events, exactly: system calls of the sending thread, socket buffers, NAPI polls, context switches.
// Bursts are smaller than the wire's ring, so that none is lost, and between two of them the sender looks whether the last has come:
// the loop that is rated does not. Counting slows what it watches: no rate is taken here.
import { setImmediate as nextTurn } from "node:timers/promises";
import { threadId } from "../../sys/index.js";
import { startTrace } from "../../trace/index.js";
import { pollsOf, switchesOf } from "../events.js";
import type { SendStage } from "./send-stage.js";
import type { SendPathName } from "./sender.js";

/** Events of one run, all packets together. */
export interface SendEvents {
  readonly path: SendPathName;
  readonly packets: number;
  readonly received: number;
  readonly batch: number;
  /** System calls of the sending thread by which packets were handed over; what Node does beside that is left out. */
  readonly syscalls: Readonly<Record<string, number>>;
  readonly sending: number;
  /**
   * Socket buffers that died on the way: the one that the sender made, and, since native XDP waits at the far end, the one that its
   * veth copies it into. @source drivers/net/veth.c, veth_convert_skb_to_xdp_buff, v6.18
   */
  readonly skbs: number;
  /** How often the kernel polled the far end's interface, on the sender's CPU, and how many packets it handled in all polls. */
  readonly napi: { readonly polls: number; readonly work: number };
  /** How often the sending thread left its CPU. */
  readonly switches: { readonly voluntary: number; readonly involuntary: number };
  /** Copies of a packet's bytes up to the wire, as the path declares them. */
  readonly copies: number;
  /** Events that were seen and not counted: 0, or the figures are too low. */
  readonly uncounted: number;
}

const SENDING: readonly string[] = ["sendto", "sendmsg", "sendmmsg", "io_uring_enter"];
const ARRIVAL_MS = 500;

/** Counts the events of a sending path. @param packets in all, a multiple of `burst` @param burst packets at a time, at most half a veth's ring */
export async function countSendEvents(stage: SendStage, packets: number, burst = 128): Promise<SendEvents> {
  await stage.begin();
  const namespaces = ["a", "b"].map((host) => stage.testbed.path(host));
  const watched = { tids: [threadId()] };
  const trace = startTrace({ skbs: { namespaces }, syscalls: watched, switches: watched, napi: true });
  try {
    for (let sent = burst; sent <= packets; sent += burst) {
      await stage.send({ packets: burst });
      const late = performance.now() + ARRIVAL_MS;
      while (stage.far.received() < sent && performance.now() < late) await nextTurn();
    }
    const counts = trace.stop();
    const calls = Object.entries(counts.syscalls.byName).filter(([name]) => SENDING.includes(name));
    const { taken } = await stage.finish(packets);
    return {
      path: stage.path.name,
      packets,
      received: taken.packets,
      batch: stage.options.batch,
      syscalls: Object.fromEntries(calls),
      sending: calls.reduce((sum, [, count]) => sum + count, 0),
      skbs: counts.skbs.own.dropped + counts.skbs.own.consumed,
      napi: pollsOf(stage.testbed, "b", counts.napi),
      switches: switchesOf(counts.switches),
      copies: stage.path.copies.count,
      uncounted: counts.uncounted - counts.skbs.uncounted.slab,
    };
  } finally {
    trace.stop();
  }
}
