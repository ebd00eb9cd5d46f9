// One interface for every way in which a packet reaches a program. A path is data (its name, how it works, what it
// needs) and one function that opens it. Two kinds differ in where the packet ends: in our consumer's own thread, which
// then calls `receive` again and again, or elsewhere (in the kernel, in another process), where somebody else counts.
import type { Testbed } from "../net/index.js";
import type { Bucket } from "../stats/index.js";
import type { ProbeName } from "../sys/index.js";
import type { Expectation, Sink, Taken } from "./sink.js";

/** Names of the paths; each is also the name of its file. A generic verdict is in the file of its native twin. */
export type PathName =
  | "node-dgram"
  | "udp-recvmsg"
  | "udp-recvmmsg"
  | "io-uring-multishot"
  | "io-uring-sqpoll"
  | "packet-recvmsg"
  | "packet-mmap"
  | "xdp-poll"
  | "xdp-need-wakeup"
  | "xdp-need-wakeup-generic"
  | "xdp-busy-poll"
  | "netmap-port"
  | "netmap-forward"
  | "xdp-forward"
  | "dpdk-forward"
  | "dpdk-null"
  | "dpdk-af-packet-forward"
  | "dpdk-af-packet"
  | "dpdk-af-xdp"
  | "xdp-pass"
  | "xdp-pass-generic"
  | "xdp-drop"
  | "xdp-drop-generic"
  | "xdp-tx"
  | "xdp-tx-generic"
  | "xdp-redirect"
  | "xdp-redirect-generic"
  | "xdp-cpumap"
  | "xdp-cpumap-generic";

/** Where a receiver stands: one end of a wire. The thread that opens it is in that end's namespace already. */
export interface Place {
  readonly device: string;
  /** Receive queue on which the load arrives: `cpu % queues` of the injecting CPU, or 0: see `seesQueue0`. */
  readonly queue: number;
  readonly queues: number;
  /** IPv4 address of this end, and the UDP port that the load goes to. */
  readonly address: string;
  readonly port: number;
}

/** What may differ between runs of one path. */
export interface PathOptions {
  /** Most packets that one `receive` handles, from 1. */
  readonly batch: number;
  /** Slots of a ring, a power of two; where the kernel counts otherwise, as much memory as so many packets take. */
  readonly ringSize: number;
  /** Longest frame of the load, without check sequence. */
  readonly frameBytes: number;
}

/** Packets that one hop took out of the path, and what to do about it. */
export interface HopCount {
  readonly hop: string;
  readonly packets: number;
  readonly next: string;
}

/** The receiving end of a path, in the thread that consumes. */
export interface Receiver {
  /**
   * Gives what waits to the sink, at most `options.batch` packets, and sleeps where nothing waits. It allocates nothing
   * a packet.
   *
   * @param waitMs longest sleep; 0 looks and returns. A path that never sleeps ignores it.
   * @returns How many packets the sink was given.
   */
  receive(sink: Sink, waitMs: number): number;
  /** Every hop behind the wire that can lose a packet, by the kernel's own counters since `open`. */
  drops(): readonly HopCount[];
  /** CPU time so far of the kernel's thread that receives for this one, in ns; left out where there is none. */
  helperCpuNs?(): number;
  /** CPU on which that thread ran last: nobody pins it. Left out where there is none. */
  helperCpu?(): number;
  close(): void;
}

/** The exception: a receiver that only the event loop can serve. */
export interface EventReceiver extends Pick<Receiver, "drops" | "helperCpuNs" | "helperCpu" | "close"> {
  /** From now on, gives each packet to the sink and calls `taken` after it. Called once. */
  listen(sink: Sink, taken: () => void): void;
}

/** What every path says of itself. */
interface PathFacts {
  readonly name: PathName;
  /** As a figure shows it. */
  readonly title: string;
  /** One sentence: by which mechanism the packet comes. */
  readonly how: string;
  /** What the machine must be able to do; each is probed by trying it. */
  readonly needs: readonly ProbeName[];
  /** Where the load comes from: the injector of XDP frames, or the path itself, which then shows its loop and no packet. */
  readonly load: "frames" | "itself";
  /** What the program gets to see: the frame from its Ethernet header on, or what UDP carried. */
  readonly sees: "frame" | "payload";
  /**
   * Its program takes every packet for one of queue 0: the kernel records no queue in the skb that it makes of a redirected frame.
   *
   * @source net/core/xdp.c, __xdp_build_skb_from_frame ("currently missing: RX ring dev queue index")
   */
  readonly seesQueue0?: true;
  /**
   * Who works for a packet beside the injecting thread, and is not ours: what injection, softirq and program cost on one CPU in turns
   * cannot be told then. CPU time of a thread that ends the packets is seen all the same (`Elsewhere.worker`).
   */
  readonly helper?: string;
  /** How often the bytes of a packet are copied on the way from the wire to the program, and by what. */
  readonly copies: { readonly count: number; readonly by: string };
}

/** A path that ends in a thread of ours. */
export interface ThreadPath extends PathFacts {
  readonly ends: "thread";
  /** It sends each packet back: a program at the far end shall count what arrives there. */
  readonly leadsBack?: true;
  /** Opens it in the calling thread, which is pinned and in the namespace of `place`. @throws SysError, NotSupportedError */
  open(place: Place, options: PathOptions): Receiver;
  /** The same with its loop in C, for comparison: see `nativeTwin`. */
  openTwin?(place: Place, options: PathOptions): Receiver;
}

/** A path that ends in the event loop of a thread of ours. */
export interface EventPath extends PathFacts {
  readonly ends: "eventLoop";
  open(place: Place, options: PathOptions): Promise<EventReceiver>;
  /** Its counterpart in C, which has no event loop but waits as one does. */
  openTwin?(place: Place, options: PathOptions): Receiver;
}

/** Where a path is put in place that ends elsewhere. */
export interface Site {
  /** Host `a` injects; the path is for host `b`. */
  readonly testbed: Testbed;
  readonly place: Place;
  readonly options: PathOptions;
  /** Where the packets shall end, if it is a CPU's work of its own; the caller runs on the injector's. */
  readonly cpu: number;
  /** Keep a latency for each packet, where the path can. */
  readonly timed: boolean;
}

/** A path whose packets no thread of ours sees: the kernel or another process ends them, and counts them. */
export interface ElsewherePath extends PathFacts {
  readonly ends: "elsewhere";
  /** It sends packets on: the testbed shall have a second wire, from host `b` to host `c`. */
  readonly leadsOn?: true;
  /**
   * What a latency ends with, which begins when the packet was due to be sent: the words go after "until". Null where nobody can tell
   * one packet from another.
   */
  readonly timedUntil: string | null;
  /** Puts it in place on host `b` of the testbed, e.g. attaches a program or starts a process. */
  install(site: Site): Promise<Elsewhere>;
}

/** A thread that is not ours and works for a path. */
export interface HelperThread {
  readonly tid: number;
  /** Its CPU time so far, in ns. */
  cpuNs(): number;
  /** It sleeps where nothing waits, so it is charged until the last packet has come; one that spins only while the load lasts. */
  readonly sleeps?: true;
}

/** What is counted where we are not. */
export interface Elsewhere {
  /** Packets and bytes (of whole frames) that reached their end since `install`. */
  counts(): { readonly packets: number; readonly bytes: number };
  /** Brings `counts` up to now, where somebody must be asked for them; left out where they always are. */
  refresh?(): Promise<void>;
  drops(): readonly HopCount[];
  /** A run begins; its times so far in ns, and what its packets' numbers come to; left out where none are kept. */
  readonly times?: {
    begin(run: Expectation): void;
    read(): { buckets(): Bucket[] };
    numbers(): Pick<Taken, "sum" | "missing" | "behind">;
  };
  /** The thread of another process or of the kernel that ends the packets; left out where the softirq that brings them does. */
  readonly worker?: HelperThread;
  /** Called before and after each run, where it would keep a CPU busy between them too. */
  wake?(): Promise<void>;
  rest?(): Promise<void>;
  /** Aborted, with its error, when it ends before it is closed; left out where it cannot. */
  readonly ended?: AbortSignal;
  close(): void;
}

export type Path = ThreadPath | EventPath | ElsewherePath;
