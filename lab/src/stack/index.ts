/**
 * stack: how does a program speak ARP, IPv4, ICMP, UDP and TCP by itself, over anything that carries frames?
 *
 * Read `link.ts` and `endpoint.ts` first (what lies below, what lies above), then `stack.ts`, and upwards: `ethernet.ts`, `arp.ts`, `ipv4.ts`,
 * `icmp.ts`, `udp.ts`, `udp-port.ts`; then `tcp/sequence.ts`, `tcp/tcb.ts`, `tcp/arrive.ts`, `tcp/transmit.ts`. Notebooks 40-a-stack-in-user-space and
 * 41-tcp-in-user-space stand on it. `model.ts` puts two stacks on a wire inside the process, with every fault and no waiting.
 *
 * Once warm it makes no object for a segment or a datagram. By design these do: a connection's set-up, `UdpEndpoint.receive`, a read or a
 * write of more than 512 bytes to memory that is not the stack's own (`allocate`), and looking at the machine's clock, once a poll.
 *
 * **It leaves out: IPv6; IP options and source routes; fragments on sending; forwarding, multicast and broadcast; the loopback (a
 * stack does not talk to itself); duplicate address detection (RFC 5227). Of TCP: timestamps and PAWS (RFC 7323), so nothing protects
 * from a sequence number that has gone all the way round within a segment's lifetime; Eifel's finding of a needless copy by
 * timestamps (RFC 3522; D-SACK and F-RTO find it); proportional rate reduction (RFC 9937); ECN (RFC 3168); fast open and SYN cookies; urgent data, which is read in line (RFC 6093); path MTU discovery without ICMP.**
 */

export { Arena } from "./arena.js";
export type { Arp, ArpHost } from "./arp.js";
export { ByteRing } from "./byte-ring.js";
export { type Clock, SeenClock, VirtualClock } from "./clock.js";
export { COPIED_BY_WORDS, copyBytes } from "./copy.js";
export { type DropReason, StackCounters } from "./counters.js";
export {
  type ConnectionState,
  type Datagram,
  type NetworkStack,
  STACK_EVENT,
  type StackAddress,
  type StackEndpoint,
  type StackFailure,
  type TcpConnection,
  type TcpConnectOptions,
  type TcpListener,
  type UdpEndpoint,
} from "./endpoint.js";
export type { Ethernet, EthernetHost, FrameReader } from "./ethernet.js";
export type { EchoReply, Icmp, IcmpError, IcmpHost } from "./icmp.js";
export type { Ipv4, Ipv4Host } from "./ipv4.js";
export type { FrameHandler, FrameLink, SpareMemory } from "./link.js";
export { ModelNetwork } from "./model.js";
export { ModelWire, type WireFaults, type WireModel, type WireTally } from "./model-link.js";
export type { Neighbour, NeighbourCache, NeighbourCalls } from "./neighbours.js";
export type { Noticeboard, Noticed } from "./noticeboard.js";
export { PlainWire } from "./plain-wire.js";
export type { Reassembly, ReassemblyHost } from "./reassembly.js";
export { REASSEMBLY_LIMIT } from "./reassembly.js";
export type { ReceivedPacket } from "./received-packet.js";
export { Stack, type StackSpec } from "./stack.js";
export type { ChallengeLimit } from "./tcp/challenge-limit.js";
export { RenoWindow } from "./tcp/congestion.js";
export { Connection } from "./tcp/connection.js";
export type { ConnectionInfo } from "./tcp/connection-info.js";
export { CubicWindow } from "./tcp/cubic.js";
export { initialSequence } from "./tcp/isn.js";
export { Listener } from "./tcp/listener.js";
export { md5Words } from "./tcp/md5.js";
export { TCP_DEFAULTS, type TcpOptions } from "./tcp/options.js";
export type { Rack } from "./tcp/rack.js";
export { RANGE_LIMIT, SequenceRanges } from "./tcp/ranges.js";
export { RtoEstimator, type RtoLimits } from "./tcp/rto.js";
export type { Segment } from "./tcp/segment.js";
export type { SentSegments, SpareLists } from "./tcp/sent.js";
export { seqAdd, seqAtMost, seqBefore, seqDistance, seqLater } from "./tcp/sequence.js";
export type { TcpHost, TcpServices } from "./tcp/services.js";
export type { ConnectionTable } from "./tcp/table.js";
export type { Tcb } from "./tcp/tcb.js";
export type { Tcp } from "./tcp/tcp.js";
export type { Episode } from "./tcp/undo.js";
export { Timer, Timers } from "./timers.js";
export type { Udp, UdpHost } from "./udp.js";
export { UdpPort } from "./udp-port.js";
