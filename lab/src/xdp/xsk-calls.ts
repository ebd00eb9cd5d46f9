// The system calls of a bound AF_XDP socket: one to sleep, one to make the kernel send, one to make it
// receive. Rings need them only when the other side sleeps, and never for each packet.
import {
  EAGAIN,
  EBUSY,
  ENOBUFS,
  MSG_DONTWAIT,
  POLLIN,
  PREPARED_CALL_BYTES,
  PreparedCall,
  poll,
  SOL_SOCKET,
  setSocketOption,
  sysError,
} from "../sys/index.js";
import { encodeU32 } from "./xsk-abi.js";
import type { SocketMemory } from "./xsk-memory.js";

/** Parameters of busy polling, which runs the driver in our system call instead of in an interrupt. */
export interface BusyPollSpec {
  /** How long one call may poll, in µs. */
  durationUs: number;
  /** Most packets handled in one call. */
  budget: number;
}

const SO_BUSY_POLL = 46;
const SO_PREFER_BUSY_POLL = 69;
const SO_BUSY_POLL_BUDGET = 70;
/** The calls, on one descriptor, prepared: none of them allocates. */
export class SocketCalls {
  private readonly fd: number;
  private readonly what: string;
  private readonly sendCall: PreparedCall;
  private readonly receiveCall: PreparedCall;

  /** @param what the socket in words, for errors */
  constructor(fd: number, memory: SocketMemory, what: string) {
    this.fd = fd;
    this.what = what;
    const area = memory.anonymous(2 * PREPARED_CALL_BYTES);
    const kick = [fd, 0, 0, MSG_DONTWAIT, 0, 0];
    this.sendCall = new PreparedCall("sendto", kick, area);
    this.receiveCall = new PreparedCall("recvfrom", kick, area, PREPARED_CALL_BYTES);
  }

  /** @returns True when a packet waits, false after the timeout or a signal. @source poll(2) */
  poll(timeoutMs: number): boolean {
    return poll(this.fd, POLLIN, timeoutMs) !== 0;
  }

  /** @returns False where the kernel stopped before the tx ring was empty. @source send(2) */
  kickTransmit(): boolean {
    return this.kick(this.sendCall.run(), "send");
  }

  /** @returns False where the driver was busy. @source recvfrom(2) */
  kickReceive(): boolean {
    return this.kick(this.receiveCall.run(), "recv");
  }

  /** @source socket(7), SO_BUSY_POLL; Documentation/networking/napi.rst, busy polling */
  preferBusyPoll({ durationUs, budget }: BusyPollSpec): void {
    const set = (name: number, value: number, what: string): void =>
      setSocketOption(this.fd, SOL_SOCKET, name, encodeU32(value), `${what} of ${this.what}`);
    set(SO_PREFER_BUSY_POLL, 1, "preference for busy polling");
    set(SO_BUSY_POLL, durationUs, `busy poll time ${durationUs} µs`);
    set(SO_BUSY_POLL_BUDGET, budget, `busy poll budget ${budget}`);
  }

  /** One that could not do all did what it could. @source net/xdp/xsk.c, __xsk_generic_xmit, v6.18 */
  private kick(result: number, call: string): boolean {
    if (result >= 0) return true;
    if (result === -EAGAIN || result === -EBUSY || result === -ENOBUFS) return false;
    throw sysError(call, `wake ${this.what}`, -result);
  }
}
