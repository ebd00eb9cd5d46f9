// The application's end of a connection: reads, writes and closes, and never waits. It outlives the
// connection, because what has arrived can be read after the peer has gone.
import { ipv4ToText } from "../../packet/index.js";
import type { ConnectionState, StackAddress, StackFailure, TcpConnection } from "../endpoint.js";
import { type ConnectionInfo, connectionInfo } from "./connection-info.js";
import { closed, queueFin, unacknowledgedBytes } from "./lifecycle.js";
import { sendReset } from "./reset.js";
import { seqDistance } from "./sequence.js";
import type { Tcb } from "./tcb.js";
import { output } from "./transmit.js";

export class Connection implements TcpConnection {
  readonly local: Readonly<StackAddress>;
  readonly remote: Readonly<StackAddress>;
  onEvents: ((events: number) => void) | null = null;
  pendingEvents = 0;
  private readonly tcb: Tcb;
  private hasEnded = false;

  constructor(tcb: Tcb) {
    this.tcb = tcb;
    this.local = { address: tcb.tcp.host.address, port: tcb.localPort };
    this.remote = { address: tcb.remoteAddress >>> 0, port: tcb.remotePort };
  }

  get state(): ConnectionState {
    return this.tcb.state;
  }

  get failure(): StackFailure | null {
    return this.tcb.failure;
  }

  get readable(): number {
    return this.tcb.receiveBuffer.length;
  }

  get writable(): number {
    const { tcb } = this;
    if (tcb.finQueued || (tcb.state !== "ESTABLISHED" && tcb.state !== "CLOSE-WAIT")) return 0;
    return tcb.sendBuffer.free;
  }

  get unacknowledged(): number {
    return unacknowledgedBytes(this.tcb);
  }

  get atEnd(): boolean {
    return this.readable === 0 && (this.hasEnded || hasPeerEnded(this.tcb));
  }

  get noDelay(): boolean {
    return this.tcb.noDelay;
  }

  set noDelay(value: boolean) {
    this.tcb.noDelay = value;
    if (value) this.push();
  }

  get keepAliveMs(): number {
    return this.tcb.keepAliveMs;
  }

  set keepAliveMs(value: number) {
    const { tcb } = this;
    tcb.keepAliveMs = value;
    tcb.probes = 0;
    if (tcb.state !== "ESTABLISHED" && tcb.state !== "CLOSE-WAIT") return;
    tcb.tcp.host.tellTime();
    if (value > 0) tcb.longTimer.start(value);
    else tcb.longTimer.stop();
  }

  read(into: Uint8Array, start = 0, end: number = into.length): number {
    const { tcb } = this;
    const length = Math.min(end - start, tcb.receiveBuffer.length);
    if (length <= 0) return 0;
    tcb.receiveBuffer.copyOut(0, length, into, start);
    tcb.receiveBuffer.release(length);
    if (isWindowWorthTelling(tcb)) this.tellWindow();
    return length;
  }

  peek(into: Uint8Array): number {
    const { receiveBuffer } = this.tcb;
    const length = Math.min(into.length, receiveBuffer.length);
    if (length > 0) receiveBuffer.copyOut(0, length, into, 0);
    return length;
  }

  write(from: Uint8Array, start = 0, end: number = from.length): number {
    const { tcb } = this;
    const length = Math.min(end - start, this.writable);
    if (length < end - start) tcb.wantsRoom = true;
    if (length <= 0) return 0;
    tcb.sendBuffer.write(from, start, start + length);
    this.push();
    return length;
  }

  shutdown(): void {
    queueFin(this.tcb);
    this.push();
  }

  close(): void {
    const { tcb } = this;
    this.onEvents = null;
    if (tcb.isOrphan || tcb.state === "CLOSED") return;
    tcb.isOrphan = true;
    this.hasEnded = hasPeerEnded(tcb);
    if (tcb.state === "SYN-SENT") closed(tcb, null);
    else if (tcb.receiveBuffer.length > 0 && tcb.state !== "TIME-WAIT") this.giveUp();
    else this.leave();
  }

  abort(): void {
    this.onEvents = null;
    this.tcb.isOrphan = true;
    if (this.tcb.state !== "CLOSED") this.giveUp();
  }

  /** What the connection knows now. */
  info(): ConnectionInfo {
    return connectionInfo(this.tcb);
  }

  toString(): string {
    const say = ({ address, port }: StackAddress): string => `${ipv4ToText(address)}:${port}`;
    return `${say(this.local)} -> ${say(this.remote)}, ${this.state}`;
  }

  /** In a handler the answer may still come that says it, too. */
  private tellWindow(): void {
    const { tcb } = this;
    if (tcb.tcp.host.isPolling) {
      tcb.tcp.holdAcknowledgment(tcb);
      return;
    }
    tcb.ackNow = true;
    this.push();
  }

  private push(): void {
    const { tcb } = this;
    if (tcb.state === "CLOSED" || tcb.state === "SYN-SENT" || tcb.state === "SYN-RECEIVED") return;
    tcb.tcp.host.tellTime();
    output(tcb);
    tcb.tcp.host.pushOut();
  }

  /** Unread bytes are lost, and the peer must not believe otherwise. @source RFC 9293 section 3.6.1; RFC 2525 section 2.17 */
  private giveUp(): void {
    const { tcb } = this;
    const isSilent = tcb.state === "SYN-SENT" || tcb.state === "TIME-WAIT";
    if (!isSilent) sendReset(tcb);
    closed(tcb, null);
    tcb.tcp.host.pushOut();
  }

  private leave(): void {
    const { tcb } = this;
    tcb.tcp.host.tellTime();
    tcb.longTimer.stop();
    if (tcb.state === "TIME-WAIT") tcb.longTimer.start(tcb.tcp.options.timeWaitMs);
    if (tcb.state === "FIN-WAIT-2") tcb.longTimer.start(tcb.tcp.options.orphanMs);
    queueFin(tcb);
    this.push();
  }
}

function hasPeerEnded({ state, failure }: Tcb): boolean {
  switch (state) {
    case "CLOSE-WAIT":
    case "CLOSING":
    case "LAST-ACK":
    case "TIME-WAIT":
      return true;
    default:
      return state === "CLOSED" && failure === null;
  }
}

/** Reading has made so much room that the peer should hear of it at once. @source RFC 9293 section 3.8.6.2.2 */
function isWindowWorthTelling(tcb: Tcb): boolean {
  if (tcb.state !== "ESTABLISHED" && tcb.state !== "FIN-WAIT-1" && tcb.state !== "FIN-WAIT-2") return false;
  const { free, capacity } = tcb.receiveBuffer;
  const advertised = seqDistance(tcb.rcvNxt, tcb.rcvAdv);
  const gained = Math.min(free, 65_535 << tcb.rcvShift) - advertised;
  return gained >= capacity / 2 || (advertised < tcb.mss && gained >= Math.min(tcb.mss, capacity / 2));
}
