// Every frame that was offered is somewhere. Frames vanish from a veth without an error, so after each injection the
// counters of both ends are laid side by side and each missing frame gets the name of the hop that lost it.
import type { VethTally } from "./veth-counters.js";

/** Why a wire takes no frame at all. */
export type WireRefusal = "an end of the wire is down" | "frame longer than the MTU" | "no NAPI at the peer";

/** Where frames were lost on their way into the peer's NAPI, and what to do about it. */
export interface Loss {
  readonly hop: WireRefusal | "ring of the peer full" | "still in the ring";
  readonly frames: number;
  readonly next: string;
}

/** What the peer made of the frames that arrived, by its driver's own counters. */
export interface AtPeer {
  /** The native program answered DROP or ABORTED. */
  readonly dropped: number;
  /** Gone on to another interface or an AF_XDP socket. */
  readonly redirected: number;
  /** Sent back by the program. */
  readonly transmitted: number;
  /** Lost there: a redirect or transmit failed, e.g. because the ring of an AF_XDP socket was full. */
  readonly failed: number;
  /** Made into an skb and handed to the stack, where a generic program may still drop it. */
  readonly toStack: number;
}

/** Offered frames by where they ended. */
export interface Account {
  readonly offered: number;
  /** Taken out of the ring by the peer's NAPI. */
  readonly arrived: number;
  /** `offered - arrived`, which is also the sum of `losses`. */
  readonly lost: number;
  readonly losses: readonly Loss[];
  readonly atPeer: AtPeer;
}

const NEXT: Readonly<Record<Loss["hop"], string>> = {
  "an end of the wire is down": "set both ends up: ip link set <device> up",
  "frame longer than the MTU": "inject shorter frames, or make the wire with a larger MTU",
  "no NAPI at the peer": "attach an XDP program to the peer or turn GRO on there: ethtool -K <device> gro on",
  "ring of the peer full": "inject more slowly: pass a ratePps, or none to lose nothing",
  "still in the ring": "free the CPU that injected: the peer's NAPI runs there",
};

/**
 * Accounts for each offered frame.
 *
 * @param offered what the injecting program sent out
 * @param from what the sending end counted meanwhile
 * @param to what the receiving end counted meanwhile; frames of others on the wire are among its counts
 * @param refusal why the wire did not take the frames that neither end counted
 */
export function accountFor(
  offered: number,
  from: VethTally,
  to: VethTally,
  refusal: WireRefusal = "no NAPI at the peer",
): Account {
  const waiting = Math.max(0, from.sent - to.received);
  const arrived = from.sent - waiting;
  const losses: [Loss["hop"], number][] = [
    [refusal, offered - from.sent - from.refused],
    ["ring of the peer full", from.refused],
    ["still in the ring", waiting],
  ];
  const { dropped, redirected, transmitted, failed } = to;
  return {
    offered,
    arrived,
    lost: offered - arrived,
    losses: losses
      .filter(([, frames]) => frames > 0)
      .map(([hop, frames]) => ({ hop, frames, next: NEXT[hop] })),
    atPeer: {
      dropped,
      redirected,
      transmitted,
      failed,
      toStack: to.received - dropped - redirected - transmitted - failed,
    },
  };
}
