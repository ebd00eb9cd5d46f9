// The same with the frames in a ring that we share with the kernel: one system call for all that wait in it. The kernel points
// its skbs at the ring's pages instead of copying, and gives a slot back when its skb has died.
import { addressOf, kernels, openPacketSender, type PacketSender, structForC } from "../../sys/index.js";
import { nativeSender, ONE_BATCH } from "./native-sender.js";
import { checkBatch, type Sender, type SendOptions, type SendPath, type SendPlace } from "./sender.js";
import type { SentFrames } from "./sent-frames.js";

const SLOT_BYTES = 2048;
/** The loop in C keeps its cursor, and whether something waits, behind what it is told. */
const OWN_BYTES = 16;

class Frames implements Sender {
  readonly sender: PacketSender;
  private readonly frames: SentFrames;
  /** Whether the last call took all that was submitted. */
  private hasLeft = true;

  constructor({ device, frames }: SendPlace, { batch, ringSize }: SendOptions) {
    checkBatch(batch, ringSize);
    this.frames = frames;
    this.sender = openPacketSender({ interfaceName: device, slotBytes: SLOT_BYTES, slots: ringSize });
    const { ring } = this.sender;
    for (let slot = 0; slot < ringSize; slot++) ring.bytes.set(frames.longest, ring.offsetOf(slot));
  }

  send(first: number, count: number): number {
    const { ring } = this.sender;
    const slot = ring.reserve(count);
    if (slot === null) return 0;
    for (let i = 0; i < count; i++) {
      ring.write(slot + i, this.frames.write(ring.bytes, ring.offsetOf(slot + i), first + i));
    }
    ring.submit(count);
    this.hasLeft = this.sender.flush();
    return count;
  }

  flush(): boolean {
    this.hasLeft ||= this.sender.flush();
    return this.hasLeft;
  }

  close(): void {
    this.sender.close();
  }
}

export const packetMmapSend: SendPath = {
  name: "packet-mmap-send",
  title: "PACKET_MMAP v2 send",
  how: "frames in slots of shared memory, one system call a batch; the kernel makes an skb of each that points into the ring",
  needs: ["veth"],
  copies: {
    count: 0,
    by: "nobody but our own writing: the skb points into the ring (net/packet/af_packet.c, tpacket_fill_skb)",
  },
  open: (place, options) => new Frames(place, options),
  openTwin(place, options) {
    const own = new Frames(place, options);
    const { fd, ring } = own.sender;
    const ringForC = [fd, addressOf(ring.bytes), SLOT_BYTES, ring.size, place.frames.longest.length];
    const memory = structForC(ringForC, OWN_BYTES); // struct lab_frames
    return nativeSender(
      own,
      (first, count, sentAt) => kernels.packetMmapSend(ONE_BATCH, memory.address, first, count, sentAt),
      [memory],
    );
  },
};
