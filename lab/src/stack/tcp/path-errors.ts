// What routers and hosts on the way say about our segments. Anybody can forge it, so it counts only about what is on its way, and it
// ends nothing but a handshake: for an open connection it is advice.
import { type IcmpError, UNREACHABLE } from "../icmp.js";
import { closed } from "./lifecycle.js";
import { seqAtMost, seqBefore } from "./sequence.js";
import type { ConnectionTable } from "./table.js";
import type { Tcb } from "./tcb.js";
import { output } from "./transmit.js";

/** Type of "destination unreachable", the one that means something here. @source RFC 792 */
const TYPE_UNREACHABLE = 3;
/** No router's MTU leaves less for text. @source RFC 5927 section 7.2 (nothing below 296) */
const LEAST_MSS = 256;

/** An ICMP error came. @source RFC 9293 section 3.9.2.2; RFC 5927 section 4.1 (only about what is on its way) */
export function errorReported(table: ConnectionTable, error: IcmpError): void {
  const { type, code, mtu, localPort, destination, remotePort, sequence } = error;
  const tcb = table.find(localPort, destination | 0, remotePort);
  if (tcb === null || type !== TYPE_UNREACHABLE) return;
  if (seqBefore(sequence, tcb.sndUna) || !seqAtMost(sequence, tcb.sndMax)) return;
  if (code === UNREACHABLE.tooLarge) shrink(tcb, mtu);
  else if (code === UNREACHABLE.port || code === UNREACHABLE.protocol) {
    if (tcb.state === "SYN-SENT") closed(tcb, "ECONNREFUSED"); // later it is no more than advice: RFC 5461 section 4
  } else tcb.softError = code === UNREACHABLE.network ? "ENETUNREACH" : "EHOSTUNREACH";
}

/** A router cannot pass on what we send. @source RFC 1191 section 3 */
function shrink(tcb: Tcb, mtu: number): void {
  const mss = mtu - 40;
  if (mss < LEAST_MSS || mss >= tcb.mss) return;
  tcb.mss = mss;
  tcb.sndNxt = tcb.sndUna;
  output(tcb);
}

/** A neighbour does not answer: handshakes that go through it fail. @param address the neighbour's, signed or not */
export function neighbourSilent(table: ConnectionTable, address: number): void {
  for (const tcb of table.list()) {
    if (tcb.tcp.host.ipv4.nextHop(tcb.remoteAddress) !== (address | 0)) continue;
    if (tcb.state === "SYN-SENT" || tcb.state === "SYN-RECEIVED") closed(tcb, "EHOSTUNREACH");
    else tcb.softError = "EHOSTUNREACH";
  }
}
