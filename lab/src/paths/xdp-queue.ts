// What the AF_XDP paths have in common: a redirecting program on the interface, a socket on the queue of the load, its
// frames in the fill ring, and the loop that takes packets out. They differ only in what they do where nothing waits.
import { FramePool } from "../ring/index.js";
import { type BpfLink, type Mapping, unmap, type XdpMode } from "../sys/index.js";
import {
  attachXdpHere,
  describeForC,
  loadXdp,
  openXdpSocket,
  readQueueCounts,
  type XdpProgram,
  type XdpSocket,
} from "../xdp/index.js";
import type { HopCount, PathOptions, Place } from "./path.js";
import type { Sink } from "./sink.js";

/** How a queue may differ. */
export interface QueueSpec {
  /** Opens the socket; one whose frames are all in the fill ring unless given. */
  readonly open?: (place: Place, ringSize: number) => XdpSocket;
  /** Where the program runs: in the driver unless given, or in the stack. */
  readonly mode?: XdpMode;
}

/** A queue whose packets come to us. */
export class XdpQueue {
  readonly socket: XdpSocket;
  private readonly place: Place;
  private readonly batch: number;
  private readonly program: XdpProgram;
  private readonly link: BpfLink;
  private description: Mapping | undefined;

  constructor(
    place: Place,
    { batch, ringSize }: PathOptions,
    { open = openFilled, mode = "native" }: QueueSpec = {},
  ) {
    this.place = place;
    this.batch = batch;
    this.program = loadXdp("xsk_redirect");
    try {
      this.link = attachXdpHere(this.program, place.device, mode);
      this.socket = open(place, ringSize);
      this.socket.attach(this.program.object.map("xsks"));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Gives what waits to the sink, at most a batch, and its frames back to the kernel. Looks at memory alone. */
  take(sink: Sink): number {
    const { rxRing, fillRing, umem } = this.socket;
    const ready = rxRing.peek(this.batch);
    if (ready === 0) return 0;
    const refill = fillRing.reserve(ready);
    if (refill === null) return 0; // the slots of these very packets are given back a moment after the packets
    const first = rxRing.cursor;
    const bytes = umem.bytes;
    for (let i = 0; i < ready; i++) {
      const addr = rxRing.addr(first + i);
      sink.take(bytes, addr, rxRing.length(first + i));
      fillRing.write(refill + i, umem.frameStart(addr));
    }
    fillRing.submit(ready);
    rxRing.release(ready);
    return ready;
  }

  /** Where a loop in C finds the rings. */
  get addressForC(): number {
    this.description ??= describeForC(this.socket);
    return this.description.address;
  }

  /** @source Documentation/networking/af_xdp.rst, XDP_STATISTICS */
  drops(): HopCount[] {
    const { rxRingFull, rxDropped } = this.socket.statistics();
    const { queues } = this.place;
    const counts = readQueueCounts(this.program.object.map("queues"), queues);
    const missed = counts.reduce((sum, { misses }) => sum + misses, 0);
    return [
      { hop: "rx ring full", packets: rxRingFull, next: "release sooner, or make the rings larger" },
      {
        hop: "no frame in the fill ring",
        packets: rxDropped,
        next: "give frames back sooner; or the packet was longer than a frame",
      },
      {
        hop: "no socket on its queue: gone to the stack",
        packets: missed,
        next: `bind to the queue that packets come in on, not to ${this.place.queue}`,
      },
    ];
  }

  close(): void {
    this.socket?.close();
    if (this.description !== undefined) unmap(this.description);
    this.link?.close();
    this.program.close();
  }
}

function openFilled(place: Place, ringSize: number): XdpSocket {
  const socket = openUnfilled(place, ringSize);
  new FramePool(socket.umem).fill(socket.fillRing);
  return socket;
}

/** A socket with two frames a slot, all of them still ours. */
export function openUnfilled({ device, queue }: Place, ringSize: number): XdpSocket {
  const umem = { frameSize: 2048, frameCount: 2 * ringSize };
  return openXdpSocket({ interfaceName: device, queue, ringSize, umem });
}
