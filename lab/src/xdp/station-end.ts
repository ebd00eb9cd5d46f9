// What every end of a station can tell of the packets that came to it, and what it needs to be opened.
import type { Testbed } from "../net/index.js";
import type { XdpMode } from "../sys/index.js";
import type { PacketTimes } from "./packet-times.js";
import type { Tally, XdpProgram } from "./program.js";
import type { QueueThread } from "./queue-thread.js";

/** What becomes of the packets: three verdicts that need no target, and the three kinds of target of a redirect. */
export const ENDINGS = ["drop", "pass", "tx", "redirect", "cpumap", "xskmap"] as const;
export type Ending = (typeof ENDINGS)[number];

/** Packets that one hop lost. */
export interface PacketLoss {
  readonly hop: string;
  readonly packets: number;
}

/** One end, with its program attached to host b. Counts are since it was opened. */
export interface StationEnd {
  readonly program: XdpProgram;
  /** Who counts the packets that came through, in words. */
  readonly countedBy: string;
  /** How often the program said what it should. */
  said(): number;
  /** Packets that came through to their end. */
  ended(): number;
  /** The same by a BPF map or a ring alone, with their bytes: quick, for asking again and again. */
  tally(): Tally;
  /** Packets lost between the program and the end, by hop; hops that lost none too. */
  losses(): PacketLoss[];
  /** How long numbered packets took to the program that counts them; left out where the request was not for times. */
  readonly times?: PacketTimes;
  /** The kernel's thread that ends the packets; left out where the softirq that brings them does, or nobody can find it. */
  readonly thread?: QueueThread;
}

/** What an end needs to know. */
export interface EndRequest {
  readonly testbed: Testbed;
  readonly mode: XdpMode;
  /** Words of 8 bytes that a dropping program reads of each packet; left out, it looks at none. */
  readonly words?: number;
  /** For cpumap: the CPU that the packets go to. */
  readonly cpu: number;
  /** For tx and redirect: nobody receives at the far end, neither a program nor GRO. */
  readonly deaf: boolean;
  /** Keep times where a program counts: not under xskmap, whose reader is a program of its own, nor where nobody receives. */
  readonly timed?: boolean;
}
