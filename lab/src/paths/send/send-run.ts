// What is sent, and what came of it, as plain data.
import type { Bucket } from "../../stats/index.js";
import type { Language } from "../consumer-talk.js";
import type { HopCount, PathName } from "../path.js";
import type { Taken } from "../sink.js";
import type { Cpus } from "../stage.js";
import type { SendOptions, SendPathName } from "./sender.js";

/** What to set up. */
export interface SendStageSpec {
  readonly path: SendPathName;
  readonly options?: Partial<SendOptions>;
  /** Frame length without check sequence, 60 to 1514; 60 unless given. */
  readonly frameBytes?: number;
  /** Frames of the Internet's mix of sizes, `IMIX_FRAME_BYTES`, in place of `frameBytes`. */
  readonly imix?: boolean;
  /**
   * By which path the far end receives: a native drop unless given. One that sees frames behind the stack's door will not do, since
   * the stack would answer that nobody listens.
   */
  readonly to?: PathName;
  /** Queues of the wire, 1 unless given. The far end receives from the first one, where it must choose. */
  readonly queues?: number;
  /** The one that the sender binds to, where it has one of its own: 0 unless given. */
  readonly queue?: number;
  /** The far end keeps a latency for each packet: for runs at a set rate. */
  readonly paced?: boolean;
  /** Whose loop sends; "typescript" unless given. */
  readonly language?: Language;
  readonly cpus?: Cpus;
}

/** What to send. One of `packets` and `seconds`, or both. */
export interface SendLoad {
  readonly packets?: number;
  readonly seconds?: number;
  /** Sends no more than so many before they have come. */
  readonly inFlight?: number;
  /** Packets a second, from 1: each is due at its own time, and goes late rather than never. As fast as it can unless given. */
  readonly ratePps?: number;
}

/** What came of it. */
export interface SendRun {
  readonly path: SendPathName;
  readonly sent: number;
  readonly seconds: number;
  /** Packets a second that the sender got rid of, until the last one had left. */
  readonly sentPps: number;
  readonly received: number;
  /** What the far end saw of them; only a checking one sees order and sums. */
  readonly taken: Taken;
  readonly losses: readonly HopCount[];
  /** Packets that neither came nor were counted as lost; anything but 0 is a fault of ours. */
  readonly unaccounted: number;
  /** CPU time of the sending thread a packet, the receiving end's softirq included, in ns. */
  readonly cpuNsPerPacket: number;
  /** Where the sending thread ran, and with it the far end's softirq; and the thread that ends the packets, null where the softirq does. */
  readonly cpus: { readonly sender: number; readonly consumer: number | null };
  /** From the intended send time, in ns; empty where the load had no set rate. */
  readonly latencies: readonly Bucket[];
}

/** How many packets of a run are due by now. */
export function dueAt(ratePps: number | undefined, startMs: number): () => number {
  if (ratePps === undefined) return () => Number.POSITIVE_INFINITY;
  return () => {
    const ms = performance.now() - startMs;
    return ms < 0 ? 0 : Math.floor((ms / 1000) * ratePps) + 1;
  };
}
