// UDP finds the port of a datagram that came, and writes a header in front of one that leaves. What it cannot deliver is
// dropped and counted, and where nobody has the port its sender hears of it by ICMP.
import { SysError } from "../base/index.js";
import { IP_PROTOCOL, IPV4_HEADER_BYTES, ipv4ToText, UDP_FIELDS, UDP_HEADER_BYTES } from "../packet/index.js";
import type { Arena } from "./arena.js";
import { copyBytes } from "./copy.js";
import type { StackCounters } from "./counters.js";
import type { StackAddress, StackFailure } from "./endpoint.js";
import { type IcmpError, UNREACHABLE } from "./icmp.js";
import type { Ipv4 } from "./ipv4.js";
import type { Noticeboard } from "./noticeboard.js";
import { freePort, portTaken } from "./ports.js";
import type { ReceivedPacket } from "./received-packet.js";
import { foldShortSum, sumOfHalves, sumOfPiece, sumOfPseudoHeader } from "./sum.js";
import { UdpPort } from "./udp-port.js";

// Asked for in every datagram, so they are constants of this file: an imported one is looked up at every use.
const HEADER_BYTES: number = UDP_HEADER_BYTES;
const PROTOCOL: number = IP_PROTOCOL.udp;
const LENGTH_AT: number = UDP_FIELDS.length.offset;
const CHECKSUM_AT: number = UDP_FIELDS.checksum.offset;

/** What UDP needs to know of the stack it belongs to. */
export interface UdpHost {
  readonly ipv4: Ipv4;
  readonly arena: Arena | null;
  readonly mtu: number;
  readonly address: number;
  readonly counters: StackCounters;
  readonly board: Noticeboard;
  readonly random: () => number;
  /** Looks at the clock, where `poll` has not just done so. */
  tellTime(): void;
  /** Sends at once what was written outside of `poll`. */
  pushOut(): void;
  portUnreachable(packet: ReceivedPacket): void;
}

/** @source RFC 768; RFC 1122 section 4.1 */
export class Udp {
  readonly host: UdpHost;
  private readonly ports = new Map<number, UdpPort>();

  constructor(host: UdpHost) {
    this.host = host;
  }

  input(packet: ReceivedPacket): void {
    const { bytes, view, start, end } = packet;
    const { drops } = this.host.counters;
    const room = end - start;
    const length = room < HEADER_BYTES ? 0 : view.getUint16(start + LENGTH_AT);
    if (length < HEADER_BYTES || length > room) {
      drops.udpMalformed++;
      return;
    }
    const hasChecksum = view.getUint16(start + CHECKSUM_AT) !== 0; // RFC 768: 0 says that there is none
    if (hasChecksum && !packet.isSegmentRight(length)) {
      drops.udpChecksum++; // RFC 1122 section 4.1.3.4
      return;
    }
    const ports = view.getInt32(start);
    const port = this.ports.get(ports & 0xffff);
    const sourcePort = ports >>> 16;
    if (port === undefined || !port.hears(packet.source, sourcePort)) {
      drops.udpNoPort++;
      this.host.portUnreachable(packet); // RFC 1122 section 4.1.3.1
    } else if (!port.take(packet.source, sourcePort, bytes, start + HEADER_BYTES, start + length)) {
      drops.udpQueueFull++;
    }
  }

  open(port: number): UdpPort {
    if (port !== 0 && this.ports.has(port)) throw portTaken("UDP", port);
    const chosen = port === 0 ? freePort(this.host.random, (candidate) => this.ports.has(candidate)) : port;
    const endpoint = new UdpPort(this, chosen);
    this.ports.set(chosen, endpoint);
    return endpoint;
  }

  /** An ICMP error reaches a connected port only. @source RFC 1122 section 4.1.3.3 */
  fail({ type, code, localPort, destination, remotePort }: IcmpError): void {
    if (type === 3 && code === UNREACHABLE.port)
      this.failPort(localPort, destination, remotePort, "ECONNREFUSED");
    else if (type === 3 && code === UNREACHABLE.host)
      this.failPort(localPort, destination, remotePort, "EHOSTUNREACH");
  }

  private failPort(localPort: number, address: number, remotePort: number, failure: StackFailure): void {
    const port = this.ports.get(localPort);
    if (port?.isPeer(address | 0, remotePort)) port.fail(failure);
  }

  hostUnreachable(address: number): void {
    for (const port of this.ports.values())
      if (port.peer !== null && (port.peer.address | 0) === (address | 0)) port.fail("EHOSTUNREACH");
  }

  leaveArena(): void {
    for (const port of this.ports.values()) port.leaveArena();
  }

  forget(port: number): void {
    this.ports.delete(port);
  }

  /** @returns False where there was no room. */
  send(localPort: number, to: StackAddress, from: Uint8Array, start: number, end: number): boolean {
    const { ipv4, mtu } = this.host;
    const length = UDP_HEADER_BYTES + end - start;
    if (length + IPV4_HEADER_BYTES > mtu) throw tooLong(end - start, mtu);
    const address = to.address | 0;
    if (ipv4.nextHop(address) === -1) throw noRoute(address >>> 0);
    this.host.tellTime();
    const at = ipv4.begin(address, IP_PROTOCOL.udp, length);
    if (at < 0) return false;
    const { bytes, view } = ipv4;
    const ports = (localPort << 16) | to.port;
    view.setInt32(at, ports);
    view.setInt32(at + LENGTH_AT, length << 16); // and no checksum yet
    copyBytes(from, start, end - start, bytes, at + HEADER_BYTES);
    const text = sumOfPiece(bytes, view, at + HEADER_BYTES, at + length);
    const sum = sumOfPseudoHeader(ipv4.own, address, PROTOCOL, length) + sumOfHalves(ports) + length + text;
    view.setUint16(at + CHECKSUM_AT, foldShortSum(sum) ^ 0xffff || 0xffff); // 0 would say that there is none
    ipv4.finish();
    this.host.pushOut();
    return true;
  }
}

function tooLong(length: number, mtu: number): SysError {
  const most = mtu - IPV4_HEADER_BYTES - UDP_HEADER_BYTES;
  return new SysError(
    "sendmsg",
    "EMSGSIZE",
    `Cannot send a datagram of ${length} bytes: EMSGSIZE; the link takes ${most}, and this stack fragments nothing -> send less at a time`,
  );
}

/** There is no way to an address. */
export function noRoute(address: number): SysError {
  return new SysError(
    "connect",
    "ENETUNREACH",
    `Cannot send to ${ipv4ToText(address)}: ENETUNREACH; it is not on this wire and there is no gateway -> give the stack a gateway`,
  );
}
