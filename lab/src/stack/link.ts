// What a stack stands on: something that takes frames away and brings frames in. AF_XDP is one, a
// PACKET_MMAP ring another, and a model inside the process a third. The stack writes its frames right into
// the link's memory, as into a ring: reserve, write, submit. The link calls back for each frame that came.

/**
 * Takes one received frame. The bytes belong to the link: they are good until the call returns.
 *
 * @param bytes the memory that the frame lies in
 * @param start byte offset of its Ethernet header
 * @param end byte offset after its last byte
 */
export type FrameHandler = (bytes: Uint8Array, start: number, end: number) => void;

/** A part of a link's memory: byte offsets. */
export interface SpareMemory {
  readonly start: number;
  readonly end: number;
}

/** A place where Ethernet frames leave and arrive. */
export interface FrameLink {
  /** This end's address, e.g. `02:72:73:00:00:02`. */
  readonly mac: string;
  /** Largest IP packet in bytes; a frame has 14 more. */
  readonly mtu: number;
  /** Memory that frames to send are written into. */
  readonly bytes: Uint8Array;
  /** Byte offsets in `bytes` between which the link uses nothing: there the stack keeps its buffers. Left out: nothing is to spare. */
  readonly spare?: SpareMemory | undefined;
  /**
   * Finds room for a frame to send.
   *
   * @param length bytes of the frame, 14 to mtu + 14
   * @returns Byte offset in `bytes` at which to write it, or -1 where the link is full: then the frame is lost, as it would be on any wire.
   */
  reserve(length: number): number;
  /** Hands over the frame reserved last. It leaves at the next `flush` at the latest. */
  submit(start: number, length: number): void;
  /** Sends what was submitted: one system call for a batch, where it takes one. */
  flush(): void;
  /**
   * Hands each frame that has arrived to the handler.
   *
   * @param limit at most so many frames
   * @returns How many there were.
   */
  poll(handler: FrameHandler, limit: number): number;
  /** Gives everything back. A second call does nothing. */
  close(): void;
}
