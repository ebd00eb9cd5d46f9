// PACKET_MMAP, what tcpdump uses: the tap at the stack's door copies each frame into a block of memory that we share, and hands
// the block over when it is full or its time is over. Hundreds of packets for one look at a word, and nearly no system call. Each
// packet still has its skb: the tap sits behind the place where it is made.
import { ETHER_TYPE } from "../packet/index.js";
import { type BlockSpec, PACKET_HEADER_BYTES } from "../ring/index.js";
import {
  addressOf,
  kernels,
  type Mapping,
  openPacketReceiver,
  type PacketReceiver,
  structForC,
  unmap,
} from "../sys/index.js";
import { nativeTwin, ONE_TURN } from "./native-twin.js";
import type { HopCount, PathOptions, Place, Receiver, ThreadPath } from "./path.js";
import type { Sink } from "./sink.js";

const PAGE_BYTES = 4096;
/**
 * A block that is not full waits no longer than this: it is the path's latency at low rates. Linux 6.18 has a high-resolution timer for it
 * (`struct tpacket_kbdq_core` in its BTF: `hrtimer retire_blk_timer`); older kernels count in jiffies, 4 ms where HZ is 250.
 */
const RETIRE_MS = 1;
/** What the kernel leaves between a packet's header and its frame. */
const GAP_BYTES = 34;
/** The ring is cut into about so many blocks: while we read one, the kernel fills others. */
const BLOCKS = 8;

/** What the loop in C remembers itself: three words of struct lab_blocks. */
const OWN_BYTES = 24;

/** Blocks for about so many packets. */
function blocksFor({ ringSize, frameBytes }: PathOptions): BlockSpec {
  const step = (PACKET_HEADER_BYTES + GAP_BYTES + frameBytes + 7) & -8;
  const bytes = ringSize * step;
  const blockBytes = Math.max(PAGE_BYTES, 2 ** Math.floor(Math.log2(bytes / BLOCKS)));
  return { blockBytes, blocks: Math.ceil(bytes / blockBytes) };
}

class Blocks implements Receiver {
  private readonly receiver: PacketReceiver;
  private readonly batch: number;
  private description: Mapping | undefined;

  constructor({ device }: Place, options: PathOptions) {
    this.batch = options.batch;
    const spec = { interfaceName: device, retireMs: RETIRE_MS, protocol: ETHER_TYPE.ipv4 };
    this.receiver = openPacketReceiver({ ...spec, ...blocksFor(options) });
  }

  receive(sink: Sink, waitMs: number): number {
    const taken = this.take(sink);
    if (taken > 0 || waitMs === 0 || !this.receiver.wait(waitMs)) return taken;
    return this.take(sink);
  }

  private take(sink: Sink): number {
    const { ring } = this.receiver;
    const ready = ring.peek(this.batch);
    for (let i = 0; i < ready; i++) {
      const at = ring.read();
      sink.take(ring.bytes, at, ring.lengthBytes);
    }
    if (ring.peek(1) === 0) ring.release();
    return ready;
  }

  /** Where a loop in C finds the ring: struct lab_blocks of kernels/native/packet_mmap.c. */
  get addressForC(): number {
    if (this.description === undefined) {
      const { fd, ring } = this.receiver;
      const { blockBytes, blocks } = ring.spec;
      this.description = structForC([fd, addressOf(ring.bytes), blockBytes, blocks], OWN_BYTES);
    }
    return this.description.address;
  }

  drops(): HopCount[] {
    const { drops } = this.receiver.statistics();
    return [
      {
        hop: "no block free",
        packets: drops,
        next: "release blocks sooner, or make more of them",
      },
    ];
  }

  close(): void {
    this.receiver.close();
    if (this.description !== undefined) unmap(this.description);
  }
}

export const packetMmap: ThreadPath = {
  ends: "thread",
  name: "packet-mmap",
  title: "PACKET_MMAP v3",
  how: "a tap at the entrance of the stack copies each skb's frame into a block of shared memory; we look at one word a block, and sleep when it is the kernel's",
  needs: ["veth"],
  load: "frames",
  sees: "frame",
  copies: { count: 1, by: "the kernel, from the skb into the block (net/packet/af_packet.c, tpacket_rcv)" },
  open: (place, options) => new Blocks(place, options),
  openTwin(place, options) {
    const own = new Blocks(place, options);
    return nativeTwin(own, (sink, waitMs) =>
      kernels.packetMmap(ONE_TURN, own.addressForC, options.batch, waitMs, sink.address),
    );
  },
};
