// The whole of TCP: which connection a segment belongs to, which ports listen, and what is common to all.

import { SysError } from "../../base/index.js";
import { ipv4ToText, TCP_FLAG } from "../../packet/index.js";
import type { ConnectionState, StackAddress, TcpConnectOptions } from "../endpoint.js";
import type { IcmpError } from "../icmp.js";
import { freePort, portTaken } from "../ports.js";
import type { ReceivedPacket } from "../received-packet.js";
import { noRoute } from "../udp.js";
import { get32 } from "../wire.js";
import { arrive } from "./arrive.js";
import { ChallengeLimit } from "./challenge-limit.js";
import { Connection } from "./connection.js";
import { closed } from "./lifecycle.js";
import { Listener } from "./listener.js";
import type { TcpOptions } from "./options.js";
import { errorReported, neighbourSilent } from "./path-errors.js";
import { reorderingTimeout } from "./recovery.js";
import { refuse } from "./reset.js";
import { Segment } from "./segment.js";
import { SpareLists } from "./sent.js";
import { seqBefore } from "./sequence.js";
import type { TcpHost, TcpServices } from "./services.js";
import { arriveInSynSent, sendSyn, takeSyn } from "./synchronize.js";
import { ConnectionTable } from "./table.js";
import { Tcb } from "./tcb.js";
import { acknowledgeLate, longTimeout, retransmit } from "./timeouts.js";
import { output } from "./transmit.js";

const TIMEOUTS = { retransmit, acknowledge: acknowledgeLate, reorder: reorderingTimeout, long: longTimeout };

export class Tcp implements TcpServices {
  readonly host: TcpHost;
  readonly options: TcpOptions;
  readonly table: ConnectionTable;
  readonly challenges: ChallengeLimit = new ChallengeLimit();
  readonly spareLists: SpareLists = new SpareLists();
  private readonly listeners = new Map<number, Listener>();
  private readonly segment = new Segment();
  onState: ((tcb: Tcb, from: ConnectionState) => void) | null = null;
  private blocked: Tcb[] = [];
  private readonly held: Tcb[] = [];

  constructor(host: TcpHost, options: TcpOptions) {
    this.host = host;
    this.options = options;
    this.table = new ConnectionTable(get32(host.secret, 0));
  }

  input(packet: ReceivedPacket): void {
    const { drops } = this.host.counters;
    const { segment } = this;
    if (!segment.read(packet)) {
      drops.tcpMalformed++;
      return;
    }
    if (!packet.isSegmentRight(packet.end - packet.start)) {
      drops.tcpChecksum++; // RFC 9293 section 3.1: MUST be checked
      return;
    }
    const tcb = this.table.find(segment.destinationPort, segment.sourceAddress, segment.sourcePort);
    if (tcb === null || this.mayReopen(tcb, segment)) this.arriveAtPort(segment);
    else if (tcb.state === "SYN-SENT") arriveInSynSent(tcb, segment);
    else arrive(tcb, segment);
  }

  /** A new SYN ends TIME-WAIT, if its numbering lies beyond the old one's. @source RFC 9293 section 3.6.1 (MAY-2) */
  private mayReopen(tcb: Tcb, segment: Segment): boolean {
    if (
      tcb.state !== "TIME-WAIT" ||
      (segment.flags & (TCP_FLAG.syn | TCP_FLAG.ack | TCP_FLAG.rst)) !== TCP_FLAG.syn
    ) {
      return false;
    }
    const isNew = seqBefore(tcb.rcvNxt, segment.sequence) && this.listeners.has(segment.destinationPort);
    if (isNew) closed(tcb, null);
    return isNew;
  }

  /** @source RFC 9293 section 3.10.7.1 and, in LISTEN, 3.10.7.2 */
  private arriveAtPort(segment: Segment): void {
    const listener = this.listeners.get(segment.destinationPort);
    if (listener === undefined) this.host.counters.drops.tcpNoPort++;
    if (listener === undefined || segment.has(TCP_FLAG.ack)) {
      refuse(this.host, segment);
    } else if (segment.has(TCP_FLAG.syn) && !segment.has(TCP_FLAG.rst)) {
      this.openPassively(listener, segment);
    }
  }

  /** Text in a SYN is not kept: its sender sends it again. */
  private openPassively(listener: Listener, segment: Segment): void {
    if (!listener.begin()) {
      this.host.counters.drops.tcpSynBacklog++;
      return;
    }
    const tcb = new Tcb(this, segment.destinationPort, segment.sourceAddress, segment.sourcePort, TIMEOUTS);
    tcb.listener = listener;
    tcb.state = "SYN-RECEIVED";
    takeSyn(tcb, segment);
    this.table.add(tcb);
    sendSyn(tcb);
  }

  /** @throws SysError EADDRINUSE */
  listen(port: number, backlog: number): Listener {
    if (port !== 0 && this.listeners.has(port)) throw portTaken("TCP", port);
    const chosen = port === 0 ? freePort(this.host.random, (candidate) => this.isUsed(candidate)) : port;
    const listener = new Listener(this.host, chosen, backlog, () => this.stopListening(listener));
    this.listeners.set(chosen, listener);
    return listener;
  }

  private stopListening(listener: Listener): void {
    this.listeners.delete(listener.local.port);
    for (const tcb of this.table.list())
      if (tcb.listener === listener && tcb.state === "SYN-RECEIVED") closed(tcb, null);
  }

  private isUsed(port: number): boolean {
    return this.listeners.has(port) || this.table.usesPort(port);
  }

  /** @throws SysError EADDRINUSE, EADDRNOTAVAIL, ENETUNREACH */
  connect(to: StackAddress, { localPort = 0 }: TcpConnectOptions): Connection {
    if (this.host.ipv4.nextHop(to.address) === -1) throw noRoute(to.address);
    const isTaken = (port: number): boolean =>
      this.table.find(port, to.address | 0, to.port) !== null || this.listeners.has(port);
    const port = localPort === 0 ? freePort(this.host.random, isTaken) : localPort;
    if (localPort !== 0 && this.table.find(port, to.address | 0, to.port) !== null)
      throw connectionTaken(port, to);
    const tcb = new Tcb(this, port, to.address | 0, to.port, TIMEOUTS);
    tcb.owner = new Connection(tcb);
    tcb.state = "SYN-SENT";
    this.table.add(tcb);
    sendSyn(tcb);
    this.host.pushOut();
    return tcb.owner;
  }

  /** @source RFC 9293 section 3.9.2.2 */
  fail(error: IcmpError): void {
    errorReported(this.table, error);
  }

  hostUnreachable(address: number): void {
    neighbourSilent(this.table, address);
  }

  /** The link goes: what has arrived can still be read. */
  leaveArena(): void {
    for (const tcb of this.table.list()) tcb.receiveBuffer.leaveArena();
  }

  forget(tcb: Tcb): void {
    this.table.remove(tcb);
  }

  holdAcknowledgment(tcb: Tcb): void {
    if (tcb.isAckHeld) return;
    tcb.isAckHeld = true;
    this.held.push(tcb);
  }

  /** The application has heard what came, and may have answered. */
  acknowledgeHeld(): void {
    for (let tcb = this.held.pop(); tcb !== undefined; tcb = this.held.pop()) {
      if (!tcb.isAckHeld || tcb.state === "CLOSED") continue;
      tcb.isAckHeld = false;
      tcb.ackNow = true;
      output(tcb);
    }
  }

  block(tcb: Tcb): void {
    if (!this.blocked.includes(tcb)) this.blocked.push(tcb);
  }

  /** Tries again what the link had no room for. */
  retryBlocked(): void {
    if (this.blocked.length === 0) return;
    const waiting = this.blocked;
    this.blocked = [];
    for (const tcb of waiting) if (tcb.state !== "CLOSED") output(tcb);
  }
}

function connectionTaken(port: number, { address, port: remotePort }: StackAddress): SysError {
  const peer = `${ipv4ToText(address)}:${remotePort}`;
  return new SysError(
    "connect",
    "EADDRINUSE",
    `Cannot connect from port ${port} to ${peer}: EADDRINUSE; there is such a connection, perhaps in TIME-WAIT -> take local port 0`,
  );
}
