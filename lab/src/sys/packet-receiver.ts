// Receives all frames of an interface through mapped memory (PACKET_MMAP, TPACKET_V3). Looking for packets is reading a word
// of that memory; only when nothing waits does it take a system call, to sleep. The kernel still makes an skb of every packet,
// and copies it into the ring.
import { BlockConsumer, type BlockSpec } from "../ring/index.js";
import { sysError } from "./errno.js";
import { type Mapping, mapShared, unmapUnderViews } from "./memory.js";
import {
  bindPacketSocket,
  ETH_P_ALL,
  explainRing,
  ignoreOutgoing,
  openPacketSocket,
  PACKET_RX_RING,
  PACKET_STATISTICS,
  SOL_PACKET,
  setPacketOption,
  TPACKET_V3,
} from "./packet-socket.js";
import { POLLERR, POLLIN, poll } from "./poll.js";
import { close, getSocketOption, interfaceIndex, SOL_SOCKET } from "./socket.js";

/** What to open. */
export interface PacketReceiverSpec extends BlockSpec {
  /** An interface of the calling thread's namespace. */
  readonly interfaceName: string;
  /** A block that is not full is given away after this long, in ms. */
  readonly retireMs: number;
  /** EtherType in host order; every protocol unless given. */
  readonly protocol?: number;
}

/**
 * What the kernel counts about a packet socket, from its opening on.
 * @source include/uapi/linux/if_packet.h, struct tpacket_stats_v3, v6.18
 */
export interface PacketStatistics {
  /** Frames that reached the socket, those that it dropped included. */
  packets: number;
  /** Dropped, because no block was free. */
  drops: number;
  /** How often the kernel found no free block and stopped filling. */
  freezes: number;
}

/** TPACKET_V3 counts in blocks, but the kernel wants a frame size too, that the block is a multiple of. */
const NOMINAL_FRAME_BYTES = 2048;
const STATISTICS_BYTES = 12;
const SO_ERROR = 4;

/** An open receive ring. */
export class PacketReceiver {
  readonly fd: number;
  readonly ring: BlockConsumer;
  private readonly mapping: Mapping;
  private readonly seen: PacketStatistics = { packets: 0, drops: 0, freezes: 0 };
  private isOpen = true;

  /** Use `openPacketReceiver`. */
  constructor(fd: number, mapping: Mapping, spec: BlockSpec) {
    this.fd = fd;
    this.mapping = mapping;
    this.ring = new BlockConsumer(mapping.buffer, spec);
  }

  /**
   * Sleeps until a block is ours.
   *
   * @param timeoutMs at most 100 in a notebook kernel: the stop button works between calls
   * @returns False after the timeout.
   * @throws SysError ENETDOWN when the interface was set down or has gone
   * @source poll(2); net/packet/af_packet.c, packet_notifier, v6.18
   */
  wait(timeoutMs: number): boolean {
    const events = poll(this.fd, POLLIN | POLLERR, timeoutMs);
    if ((events & POLLERR) !== 0) {
      const number = getSocketOption(this.fd, SOL_SOCKET, SO_ERROR, 4, "the socket's error")[0]!;
      if (number !== 0) throw sysError("poll", "receive from the interface of a packet socket", number);
    }
    return (events & POLLIN) !== 0;
  }

  /** Reads the kernel's counters. It clears them at each look, so the sums are kept here. */
  statistics(): PacketStatistics {
    const bytes = getSocketOption(
      this.fd,
      SOL_PACKET,
      PACKET_STATISTICS,
      STATISTICS_BYTES,
      "packet statistics",
    );
    const [packets = 0, drops = 0, freezes = 0] = new Uint32Array(bytes.slice().buffer);
    this.seen.packets += packets;
    this.seen.drops += drops;
    this.seen.freezes += freezes;
    return { ...this.seen };
  }

  /** Closes the socket and gives its memory back; views that somebody still holds read zeroes. A second call does nothing. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    close(this.fd);
    unmapUnderViews(this.mapping);
  }
}

/**
 * Opens a receive ring on an interface of the calling thread's namespace.
 *
 * @throws SysError EPERM without CAP_NET_RAW, ENODEV where there is no such interface; nothing stays open or mapped.
 */
export function openPacketReceiver(spec: PacketReceiverSpec): PacketReceiver {
  const { interfaceName, blockBytes, blocks, retireMs, protocol = ETH_P_ALL } = spec;
  const ifindex = interfaceIndex(interfaceName);
  const fd = openPacketSocket(TPACKET_V3);
  let mapping: Mapping | undefined;
  try {
    const frames = (blockBytes / NOMINAL_FRAME_BYTES) * blocks;
    const request = [blockBytes, blocks, NOMINAL_FRAME_BYTES, frames, retireMs, 0, 0];
    setPacketOption(fd, PACKET_RX_RING, request, `a receive ring of ${blocks} blocks`);
    mapping = mapShared(fd, blockBytes * blocks);
    ignoreOutgoing(fd);
    bindPacketSocket(fd, ifindex, protocol, interfaceName);
    return new PacketReceiver(fd, mapping, spec);
  } catch (error) {
    close(fd);
    if (mapping) unmapUnderViews(mapping);
    throw explainRing(error, `${blocks} blocks of ${blockBytes} bytes`);
  }
}
