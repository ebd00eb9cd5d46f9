// The stack itself: it knows every protocol, and each of them knows only what it needs. A frame climbs from
// Ethernet through IPv4 to its endpoint; `poll` lets all that have come climb, runs the timers, and then tells
// the application, once, what became of it.

import { writeUint } from "../base/index.js";
import { IP_PROTOCOL, ipv4FromText, macFromText } from "../packet/index.js";
import { seededRandom } from "../stats/index.js";
import { Arena } from "./arena.js";
import { Arp } from "./arp.js";
import { type Clock, SeenClock } from "./clock.js";
import { StackCounters } from "./counters.js";
import type { NetworkStack, StackAddress, TcpConnectOptions } from "./endpoint.js";
import { Ethernet } from "./ethernet.js";
import { type EchoReply, Icmp, type IcmpError, UNREACHABLE } from "./icmp.js";
import { Ipv4 } from "./ipv4.js";
import type { FrameHandler, FrameLink } from "./link.js";
import { Noticeboard } from "./noticeboard.js";
import type { ReceivedPacket } from "./received-packet.js";
import type { Connection } from "./tcp/connection.js";
import type { Listener } from "./tcp/listener.js";
import { TCP_DEFAULTS, type TcpOptions } from "./tcp/options.js";
import { Tcp } from "./tcp/tcp.js";
import { Timers } from "./timers.js";
import { Udp } from "./udp.js";
import type { UdpPort } from "./udp-port.js";

/** What a stack is made of. */
export interface StackSpec {
  readonly link: FrameLink;
  readonly clock: Clock;
  /** e.g. `10.0.0.2` */
  readonly address: string;
  /** Bits of the address that name the network, 1 to 32; 24 unless given. */
  readonly prefixLength?: number;
  /** Where packets for other networks go; none unless given. */
  readonly gateway?: string;
  readonly tcp?: Partial<TcpOptions>;
  /**
   * What the application writes leaves with the next `poll`, together: one batch on the link instead of one for each write.
   * False unless given: it leaves at once.
   */
  readonly sendsLater?: boolean;
  /** Makes ports and initial sequence numbers repeatable, in tests. Left out, sequence numbers cannot be guessed (RFC 6528); ports begin at a random place, which is less (RFC 6056). */
  readonly seed?: number;
}

/** Frames that one `poll` takes in at most, so that timers and the application get their turn. */
const FRAMES_PER_POLL = 64;

/** ARP, IPv4, ICMP, UDP and TCP on one link; `NetworkStack` says what its methods do. */
export class Stack implements NetworkStack {
  readonly link: FrameLink;
  /** Stands still during a `poll`. */
  readonly clock: SeenClock;
  /** Memory of the link for buffers; null where it has none to spare. */
  readonly arena: Arena | null;
  readonly mac: Uint8Array = new Uint8Array(6);
  readonly address: number;
  readonly mask: number;
  readonly gateway: number;
  readonly mtu: number;
  readonly counters: StackCounters = new StackCounters();
  readonly timers: Timers;
  readonly board: Noticeboard = new Noticeboard();
  readonly random: () => number;
  readonly secret: Uint8Array = new Uint8Array(16);
  readonly ethernet: Ethernet;
  readonly arp: Arp;
  readonly ipv4: Ipv4;
  readonly icmp: Icmp;
  readonly udp: Udp;
  readonly tcp: Tcp;
  /** Called for each answer to a `ping`. */
  onEchoReply: ((reply: EchoReply) => void) | null = null;
  private readonly handler: FrameHandler = (bytes, start, end) => this.ethernet.input(bytes, start, end);
  private readonly sendsLater: boolean;
  isPolling = false;
  private isOpen = true;

  constructor(spec: StackSpec) {
    const prefixLength = spec.prefixLength ?? 24;
    this.link = spec.link;
    this.sendsLater = spec.sendsLater ?? false;
    this.clock = new SeenClock(spec.clock);
    const { bytes, spare } = spec.link;
    this.arena = spare === undefined ? null : new Arena(bytes, spare.start, spare.end);
    writeUint(this.mac, 0, 6, macFromText(spec.link.mac));
    this.address = ipv4FromText(spec.address);
    this.mask = prefixLength === 0 ? 0 : -1 << (32 - prefixLength);
    this.gateway = spec.gateway === undefined ? 0 : ipv4FromText(spec.gateway);
    this.mtu = spec.link.mtu;
    this.timers = new Timers(this.clock);
    this.random = seededRandom(spec.seed ?? crypto.getRandomValues(new Int32Array(1))[0]);
    if (spec.seed === undefined) crypto.getRandomValues(this.secret);
    else for (let index = 0; index < 16; index++) this.secret[index] = this.random() * 256;
    this.ethernet = new Ethernet(this);
    this.arp = new Arp(this);
    this.ipv4 = new Ipv4(this, this.arp);
    this.icmp = new Icmp(this);
    this.udp = new Udp(this);
    this.tcp = new Tcp(this, { ...TCP_DEFAULTS, ...spec.tcp });
  }

  poll(): number {
    if (!this.isOpen) return 0;
    this.clock.look();
    this.isPolling = true;
    const frames = this.link.poll(this.handler, FRAMES_PER_POLL);
    this.timers.runDue();
    this.tcp.retryBlocked();
    this.board.tell();
    this.tcp.acknowledgeHeld();
    this.isPolling = false;
    this.link.flush();
    return frames;
  }

  nextTimerMs(): number {
    if (this.board.size === 0) return this.timers.nextMs();
    this.tellTime();
    return this.clock.nowMs();
  }

  openUdp(port: number): UdpPort {
    return this.udp.open(port);
  }

  listenTcp(port: number, backlog: number): Listener {
    return this.tcp.listen(port, backlog);
  }

  connectTcp(to: StackAddress, options: TcpConnectOptions = {}): Connection {
    this.tellTime();
    return this.tcp.connect(to, options);
  }

  /** Asks a host whether it is there; the answer goes to `onEchoReply`. @param identifier and sequence are 16 bits each */
  ping(to: number, identifier: number, sequence: number, payload: Uint8Array): void {
    this.tellTime();
    this.icmp.ping(to, identifier, sequence, payload);
    this.pushOut();
  }

  allocate(lengthBytes: number): Uint8Array {
    const size = 2 ** Math.max(6, Math.ceil(Math.log2(lengthBytes)));
    const at = this.arena?.take(size) ?? -1;
    return at < 0 ? new Uint8Array(lengthBytes) : this.arena!.bytes.subarray(at, at + lengthBytes);
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.tcp.leaveArena();
    this.udp.leaveArena();
    this.link.close();
  }

  deliver(packet: ReceivedPacket): void {
    if (packet.protocol === IP_PROTOCOL.tcp) this.tcp.input(packet);
    else if (packet.protocol === IP_PROTOCOL.udp) this.udp.input(packet);
    else if (packet.protocol === IP_PROTOCOL.icmp) this.icmp.input(packet);
    else {
      this.counters.drops.otherProtocol++;
      this.icmp.sendUnreachable(packet, UNREACHABLE.protocol); // RFC 1122 section 3.2.2.1
    }
  }

  fragmentsMissing(packet: ReceivedPacket): void {
    this.icmp.sendReassemblyTime(packet);
  }

  portUnreachable(packet: ReceivedPacket): void {
    this.icmp.sendUnreachable(packet, UNREACHABLE.port);
  }

  icmpError(error: IcmpError): void {
    if (error.protocol === IP_PROTOCOL.tcp) this.tcp.fail(error);
    else if (error.protocol === IP_PROTOCOL.udp) this.udp.fail(error);
  }

  echoReply(reply: EchoReply): void {
    this.onEchoReply?.(reply);
  }

  hostUnreachable(address: number): void {
    this.udp.hostUnreachable(address);
    this.tcp.hostUnreachable(address);
  }

  tellTime(): void {
    if (!this.isPolling) this.clock.look();
  }

  pushOut(): void {
    if (!this.isPolling && !this.sendsLater) this.link.flush();
  }
}
