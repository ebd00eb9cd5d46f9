// What passes our link, segment by segment: what left with text, which acknowledgments came and what the window was then, and
// every change of the connection's state. Sequence numbers are counted from the stream's first byte.
import { ETHER_TYPE, EthernetView, IP_PROTOCOL, Ipv4View, TcpView } from "../packet/index.js";
import type { Connection, ConnectionState } from "../stack/index.js";

/** A segment of ours with text, as it left. Sequence numbers count from the first byte of the stream. */
export interface SentSegment {
  readonly atMs: number;
  readonly sequence: number;
  readonly bytes: number;
  /** It had been sent before. */
  readonly again: boolean;
}

/** An acknowledgment as it arrived, and our window for the path behind it. */
export interface SeenAck {
  readonly atMs: number;
  readonly acknowledgment: number;
  readonly cwndBytes: number;
  readonly flightBytes: number;
}

/** A change of our connection's state. */
export interface StateChange {
  readonly atMs: number;
  readonly from: ConnectionState;
  readonly to: ConnectionState;
}

/** Writes down what passes the link of one connection. */
export class SegmentNotes {
  readonly segments: SentSegment[] = [];
  readonly acks: SeenAck[] = [];
  readonly states: StateChange[] = [];
  connection: Connection | null = null;
  startMs = 0;
  private highest = 0;

  see(way: "in" | "out", bytes: Uint8Array, start: number, atMs: number): void {
    if (this.connection === null || new EthernetView(bytes, start).etherType !== ETHER_TYPE.ipv4) return;
    const ip = new Ipv4View(bytes, start + 14);
    if (ip.protocol !== IP_PROTOCOL.tcp) return;
    const tcp = new TcpView(bytes, start + 14 + ip.headerBytes);
    const { iss } = this.connection.info();
    const at = { atMs: atMs - this.startMs };
    if (way === "in") this.seeAck(at.atMs, (tcp.acknowledgment - iss - 1) >>> 0);
    const text = ip.totalLength - ip.headerBytes - tcp.headerBytes;
    if (way === "in" || text === 0) return;
    const sequence = (tcp.sequence - iss - 1) >>> 0;
    this.segments.push({ ...at, sequence, bytes: text, again: sequence < this.highest });
    this.highest = Math.max(this.highest, sequence + text);
  }

  private seeAck(atMs: number, acknowledgment: number): void {
    if (this.connection!.state === "SYN-SENT") return;
    const { cwndBytes, flightBytes } = this.connection!.info();
    this.acks.push({ atMs, acknowledgment, cwndBytes, flightBytes });
  }
}
