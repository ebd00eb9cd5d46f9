// Which trouble each path can meet, and where the packets that it costs are counted. A path that has no such thing says why in
// one line; the test then holds it to that: in the same situation it loses nothing.
import type { PathName } from "ringside/paths";

/** The hop that counts what is lost; or why nothing can be. */
export type Answer = { readonly hop: RegExp } | { readonly none: string };

export interface Troubles {
  /** The receiver is bound to the other of two queues. */
  readonly wrongQueue: Answer;
  /** Whoever takes the packets does not look while 60 000 come. */
  readonly ringFull: Answer;
  /** It looks, and is too slow for what comes. */
  readonly slow: Answer;
  /** What ends when the consumer is killed. */
  readonly consumer: "thread" | "process" | { readonly none: string };
}

const ALL_QUEUES = { none: "a socket gets what comes in on any queue of its interface" };
const socket = (hop: RegExp): Troubles => ({
  wrongQueue: ALL_QUEUES,
  ringFull: { hop },
  slow: { hop },
  consumer: "thread",
});
const BUFFER = socket(/^socket buffer full$/);

const GONE = { hop: /^no socket on its queue: gone to the stack$/ };
/** Frames are given back after they were taken, so a ring of as many slots is empty first; either may be, in a race. */
const XDP_RINGS = { hop: /^(no frame in the fill ring|rx ring full)$/ };
const AF_XDP: Troubles = { wrongQueue: GONE, ringFull: XDP_RINGS, slow: XDP_RINGS, consumer: "thread" };

const DPDK_AF_XDP: Troubles = { ...AF_XDP, consumer: "process" };
const DPDK_AF_PACKET: Troubles = { ...socket(/^receive ring full$/), consumer: "process" };

const NO_WIRE = { none: "no packet comes from a wire: it makes its own as fast as it takes them" };
const DPDK_NULL: Troubles = { wrongQueue: NO_WIRE, ringFull: NO_WIRE, slow: NO_WIRE, consumer: "process" };

const VERDICT: Troubles = {
  wrongQueue: { none: "a program is attached to the interface, so it sees every queue" },
  ringFull: { none: "the packet ends in the softirq that takes it from the wire: no ring is behind it" },
  slow: { none: "the softirq that works for a packet holds up the injector on its CPU" },
  consumer: { none: "the kernel runs the program; it ends with the process that attached it, see below" },
};
const TO_A_WIRE: Troubles = {
  ...VERDICT,
  ringFull: { none: "the far end of that wire is emptied in the same softirq, a few packets at a time" },
};
const TO_A_CPU: Troubles = {
  ...VERDICT,
  ringFull: { hop: /^queue to CPU \d+ full$/ },
  slow: { none: "its thread only counts, which is quicker than injecting" },
};

export const TROUBLES: Readonly<Record<PathName, Troubles>> = {
  "node-dgram": BUFFER,
  "udp-recvmsg": BUFFER,
  "udp-recvmmsg": BUFFER,
  "io-uring-multishot": BUFFER,
  "io-uring-sqpoll": BUFFER,
  "packet-recvmsg": BUFFER,
  "packet-mmap": socket(/^no block free$/),
  "xdp-poll": AF_XDP,
  "xdp-need-wakeup": AF_XDP,
  "xdp-need-wakeup-generic": AF_XDP,
  "xdp-busy-poll": AF_XDP,
  "xdp-forward": AF_XDP,
  "netmap-port": AF_XDP,
  "netmap-forward": AF_XDP,
  "dpdk-af-packet": DPDK_AF_PACKET,
  "dpdk-af-xdp": DPDK_AF_XDP,
  "dpdk-af-packet-forward": DPDK_AF_PACKET,
  "dpdk-forward": DPDK_AF_XDP,
  "dpdk-null": DPDK_NULL,
  "xdp-pass-generic": VERDICT,
  "xdp-pass": VERDICT,
  "xdp-cpumap-generic": TO_A_CPU,
  "xdp-cpumap": TO_A_CPU,
  "xdp-redirect-generic": TO_A_WIRE,
  "xdp-redirect": TO_A_WIRE,
  "xdp-tx-generic": TO_A_WIRE,
  "xdp-tx": TO_A_WIRE,
  "xdp-drop-generic": VERDICT,
  "xdp-drop": VERDICT,
};
