// A capture is a list of packets with the time each was seen. Which file format
// it came from matters to nobody who reads it, so all readers return this.

/** One packet of a capture. */
export interface CapturePacket {
  /** Nanoseconds since 1970-01-01 UTC; 0 where the file keeps no time (pcapng's simple packet block). */
  timestampNs: bigint;
  /** What was captured, a window on the file's bytes; it may be less than the packet. */
  bytes: Uint8Array;
  /** Bytes the packet had on the wire. */
  originalLength: number;
  /** What the first header is; 1 is Ethernet. @source IANA/tcpdump.org "Link-layer header types" */
  linkType: number;
}

/** A capture file, read. */
export interface Capture {
  format: "pcap" | "pcapng";
  /** Link type of the file, or of its first interface. */
  linkType: number;
  /** Ticks of the file's clock in a second: 1e6, 1e9, or what pcapng's first interface says. */
  resolution: number;
  packets: CapturePacket[];
}

/** Link type of Ethernet. */
export const LINK_TYPE_ETHERNET = 1;

/** A capture file cannot be read to its end; what came before stays usable. */
export class CaptureError extends Error {
  override readonly name: string = "CaptureError";
  /** Byte offset in the file of what could not be read. */
  readonly byte: number;
  /** The packets before it. */
  readonly readable: readonly CapturePacket[];

  /**
   * @param byte offset in the file of what cannot be read
   * @param cause why not
   * @param readable packets read before it
   */
  constructor(byte: number, cause: string, readable: readonly CapturePacket[] = []) {
    const count = readable.length;
    const next =
      count === 0
        ? "nothing before it is readable -> check that this is a whole pcap or pcapng file"
        : `${count === 1 ? "the packet" : `the ${count} packets`} before it can be read -> use error.readable`;
    super(`Cannot read capture at byte ${byte}: ${cause}; ${next}`);
    this.byte = byte;
    this.readable = readable;
  }
}

/**
 * Says what is wrong with a packet's captured length, if anything. No reader allocates what a file merely announces.
 *
 * @param captured bytes the packet's header announces
 * @param left bytes of the file, or block, behind that header
 * @param snapLength most bytes the file says it keeps of a packet; 0 sets no limit
 * @returns the cause, or null where the length is possible
 */
export function faultOfLength(captured: number, left: number, snapLength: number): string | null {
  if (captured > left) return `a packet of ${captured} bytes is announced; ${left} bytes are left`;
  if (snapLength > 0 && captured > snapLength) {
    return `a packet of ${captured} bytes is announced; the file says it keeps at most ${snapLength} of one`;
  }
  return null;
}
