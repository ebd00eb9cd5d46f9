// Sends frames out of an interface through mapped memory (PACKET_MMAP, TPACKET_V2): write as many as there are free slots,
// then make one system call for all of them. The kernel makes an skb of every frame.
import { FrameProducer, type FrameRingSpec } from "../ring/index.js";
import { EAGAIN, EINTR, ENOBUFS, sysError } from "./errno.js";
import { type Mapping, mapAnonymous, mapShared, unmapUnderViews } from "./memory.js";
import {
  bindPacketSocket,
  explainRing,
  openPacketSocket,
  PACKET_TX_RING,
  setPacketOption,
  TPACKET_V2,
} from "./packet-socket.js";
import { PREPARED_CALL_BYTES, PreparedCall } from "./prepared-call.js";
import { close, interfaceIndex, MSG_DONTWAIT } from "./socket.js";

/** What to open. */
export interface PacketSenderSpec extends FrameRingSpec {
  /** An interface of the calling thread's namespace. */
  readonly interfaceName: string;
}

/** Blocks only matter to the kernel, which allocates the ring by them. */
const BLOCK_BYTES = 65_536;

/** An open transmit ring. */
export class PacketSender {
  readonly fd: number;
  readonly ring: FrameProducer;
  private readonly mapping: Mapping;
  private readonly callMemory: Mapping = mapAnonymous(PREPARED_CALL_BYTES);
  private readonly send: PreparedCall;
  private readonly interfaceName: string;
  private isOpen = true;

  /** Use `openPacketSender`. */
  constructor(fd: number, mapping: Mapping, spec: PacketSenderSpec) {
    this.fd = fd;
    this.mapping = mapping;
    this.interfaceName = spec.interfaceName;
    this.send = new PreparedCall("sendto", [fd, 0, 0, MSG_DONTWAIT, 0, 0], this.callMemory);
    this.ring = new FrameProducer(mapping.buffer, spec);
  }

  /**
   * Makes the kernel send all that was submitted: one system call.
   *
   * @returns False where it stopped early, for want of memory or because the interface's queue is full: call again.
   * @throws SysError ENETDOWN, or EINVAL for a frame that the interface cannot send
   * @source packet(7); net/packet/af_packet.c, tpacket_snd, v6.18
   */
  flush(): boolean {
    const result = this.send.run();
    if (result >= 0) return true;
    if (result === -EAGAIN || result === -ENOBUFS || result === -EINTR) return false;
    throw sysError("send", `send what waits for ${this.interfaceName}`, -result);
  }

  /** Closes the socket and gives its memory back; views that somebody still holds read zeroes. A second call does nothing. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    close(this.fd);
    unmapUnderViews(this.mapping);
    unmapUnderViews(this.callMemory);
  }
}

/**
 * Opens a transmit ring on an interface of the calling thread's namespace.
 *
 * @throws SysError EPERM without CAP_NET_RAW, ENODEV where there is no such interface; nothing stays open or mapped.
 */
export function openPacketSender(spec: PacketSenderSpec): PacketSender {
  const { interfaceName, slotBytes, slots } = spec;
  const ifindex = interfaceIndex(interfaceName);
  const fd = openPacketSocket(TPACKET_V2);
  let mapping: Mapping | undefined;
  try {
    const lengthBytes = slotBytes * slots;
    const block = Math.min(BLOCK_BYTES, lengthBytes);
    const request = [block, lengthBytes / block, slotBytes, slots];
    setPacketOption(fd, PACKET_TX_RING, request, `a transmit ring of ${slots} slots`);
    mapping = mapShared(fd, lengthBytes);
    bindPacketSocket(fd, ifindex, 0, interfaceName);
    return new PacketSender(fd, mapping, spec);
  } catch (error) {
    close(fd);
    if (mapping) unmapUnderViews(mapping);
    throw explainRing(error, `${slots} slots of ${slotBytes} bytes`);
  }
}
