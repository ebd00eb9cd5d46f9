// The umem is one stretch of memory that we and the kernel share, cut into frames of equal size. Packets
// never move out of it: what travels through the rings is the address of a frame, a byte offset from the
// umem's start. On receive the packet does not begin where its frame begins: the kernel leaves room in
// front of it (256 bytes for XDP programs, then the headroom that was asked for).

/** How a umem is cut. Sizes in bytes. */
export interface UmemSpec {
  /** A power of two; AF_XDP takes 2048 up to the page size. */
  frameSize: number;
  frameCount: number;
  /** Extra room in front of each received packet, 0 or more. */
  headroom?: number;
}

/**
 * Bytes that the kernel keeps free in front of every received packet, so that an XDP program can push a header.
 * @source include/uapi/linux/bpf.h, XDP_PACKET_HEADROOM
 */
export const XDP_PACKET_HEADROOM = 256;

/** Packet memory cut into frames; a frame is named by its number or by any address within it. */
export class Umem {
  readonly frameSize: number;
  readonly frameCount: number;
  readonly headroom: number;
  readonly lengthBytes: number;
  private readonly shift: number;
  private memory: Uint8Array;
  private view: DataView;

  /**
   * @param buffer at least frameSize * frameCount bytes: mapped memory, or left out for model memory
   * @throws RangeError where the spec cannot be a umem, or the buffer is too short
   */
  constructor(spec: UmemSpec, buffer?: ArrayBufferLike) {
    checkSpec(spec);
    this.frameSize = spec.frameSize;
    this.frameCount = spec.frameCount;
    this.headroom = spec.headroom ?? 0;
    this.lengthBytes = spec.frameSize * spec.frameCount;
    this.shift = Math.log2(spec.frameSize);
    const memory = buffer ?? new SharedArrayBuffer(this.lengthBytes);
    this.memory = new Uint8Array(memory, 0, this.lengthBytes);
    this.view = new DataView(memory, 0, this.lengthBytes);
  }

  /** All bytes, indexed by address: what a hot loop reads. */
  get bytes(): Uint8Array {
    return this.memory;
  }

  /** All bytes as a DataView, for 16- and 32-bit fields in network order. */
  get data(): DataView {
    return this.view;
  }

  /** Largest packet that a frame can take on receive, in bytes. */
  get receivableBytes(): number {
    return this.frameSize - XDP_PACKET_HEADROOM - this.headroom;
  }

  /** Returns the number of the frame in which an address lies. */
  frameOf(addr: number): number {
    return addr >>> this.shift;
  }

  /** Returns the address of a frame's first byte. */
  addrOf(frame: number): number {
    return frame * this.frameSize;
  }

  /** Returns the address of the first byte of the frame in which `addr` lies: what goes back into the fill ring. */
  frameStart(addr: number): number {
    return (addr & -this.frameSize) >>> 0;
  }

  /** Returns true where an address lies inside this umem. */
  contains(addr: number): boolean {
    return addr >= 0 && addr < this.lengthBytes;
  }

  /**
   * Returns a view of a packet's bytes, without copying them. It makes an object: hot loops use `bytes` and `addr`.
   *
   * @param lengthBytes 0 to what is left of the frame behind `addr`
   * @throws RangeError where the packet would leave its frame
   */
  packet(addr: number, lengthBytes: number): Uint8Array {
    const room = this.contains(addr) ? this.frameStart(addr) + this.frameSize - addr : 0;
    if (!(lengthBytes >= 0 && lengthBytes <= room)) {
      throw new RangeError(
        `Cannot view packet of ${lengthBytes} bytes at addr ${addr}: its frame has ${room} bytes from there on -> take addr and length from the same descriptor`,
      );
    }
    return this.memory.subarray(addr, addr + lengthBytes);
  }

  /** Lets go of the memory, before it is unmapped: reads give undefined, writes go nowhere. */
  detach(): void {
    this.memory = new Uint8Array(0);
    this.view = new DataView(new ArrayBuffer(0));
  }
}

function checkSpec({ frameSize, frameCount, headroom = 0 }: UmemSpec): void {
  const isPower = Number.isInteger(frameSize) && frameSize >= 1 && (frameSize & (frameSize - 1)) === 0;
  const problem = !isPower
    ? "the frame size must be a power of two"
    : !(Number.isInteger(frameCount) && frameCount >= 1)
      ? "it needs one frame or more"
      : frameSize * frameCount > 2 ** 32
        ? "addresses here are below 2^32"
        : !(Number.isInteger(headroom) && headroom >= 0 && headroom < frameSize)
          ? `a headroom of ${headroom} bytes leaves no room for a packet`
          : null;
  if (problem !== null) {
    throw new RangeError(
      `Cannot cut umem into ${frameCount} frames of ${frameSize} bytes: ${problem} -> try { frameSize: 2048, frameCount: 4096 }`,
    );
  }
}
