// The newer capture file is a chain of blocks, each with its type and its
// length, written before and after it so that one can walk both ways. A section
// header sets the byte order for what follows, interface blocks say link type
// and clock, packet blocks name their interface. Unknown blocks are passed over.

import { ByteCursor, type ByteOrder } from "../base/index.js";
import { type Capture, CaptureError, type CapturePacket, faultOfLength } from "./capture.js";

/** Types of the blocks that matter here. @source draft-ietf-opsawg-pcapng section 4 */
export const PCAPNG_BLOCK: Readonly<
  Record<"section" | "interface" | "packet" | "simplePacket" | "nameResolution" | "enhancedPacket", number>
> = {
  section: 0x0a0d0d0a,
  interface: 1,
  packet: 2,
  simplePacket: 3,
  nameResolution: 4,
  enhancedPacket: 6,
};

/** Shows the byte order of a section. */
export const PCAPNG_ORDER_MAGIC = 0x1a2b3c4d;
/** Bytes of the smallest block: its type, and its length twice. */
export const PCAPNG_BLOCK_BYTES = 12;
/** Options of an interface block. @source draft-ietf-opsawg-pcapng section 4.2 */
export const PCAPNG_OPTION: Readonly<Record<"end" | "tsResolution" | "tsOffset", number>> = {
  end: 0,
  tsResolution: 9,
  tsOffset: 14,
};

interface Interface {
  linkType: number;
  snapLength: number;
  ticksPerSecond: bigint;
  offsetSeconds: bigint;
}

/** Where the reader stands between two blocks. */
interface State {
  bytes: Uint8Array;
  order: ByteOrder;
  /** Those of the current section. */
  interfaces: Interface[];
  first: Interface | null;
  packets: CapturePacket[];
}

/**
 * Reads a pcapng file: any number of sections of either byte order, interfaces of any clock and link type.
 *
 * @param bytes the file
 * @throws CaptureError where it cannot be read to its end, or describes no interface
 * @source draft-ietf-opsawg-pcapng
 */
export function readPcapng(bytes: Uint8Array): Capture {
  const state: State = { bytes, order: "big", interfaces: [], first: null, packets: [] };
  let at = 0;
  while (at < bytes.length) {
    try {
      at += readBlock(state, at);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new CaptureError(at, error.message, state.packets);
    }
  }
  if (state.first === null)
    throw new CaptureError(at, "the file describes no interface, so it has no link type");
  const { linkType, ticksPerSecond } = state.first;
  return { format: "pcapng", linkType, resolution: Number(ticksPerSecond), packets: state.packets };
}

/** Reads the block at an offset; returns its length. A RangeError says what is wrong with it. */
function readBlock(state: State, at: number): number {
  const { bytes } = state;
  const left = bytes.length - at;
  if (left < PCAPNG_BLOCK_BYTES) throw new RangeError(`${left} bytes are left; a block has 12 or more`);
  const type = new ByteCursor(bytes, state.order, at).u32();
  if (type === PCAPNG_BLOCK.section) state.order = sectionOrder(bytes, at);
  const head = new ByteCursor(bytes, state.order, at + 4);
  const length = head.u32();
  if (length < PCAPNG_BLOCK_BYTES || length % 4 !== 0 || length > left) {
    throw new RangeError(
      `a block of ${length} bytes is announced; a multiple of 4 from 12 to ${left} is possible`,
    );
  }
  const end = at + length - 4;
  const trailer = new ByteCursor(bytes, state.order, end).u32();
  if (trailer !== length)
    throw new RangeError(`a block says ${length} bytes at its start, ${trailer} at its end`);
  const body = new ByteCursor(bytes, state.order, at + 8, end);
  if (type === PCAPNG_BLOCK.section) readSection(state, body);
  else if (type === PCAPNG_BLOCK.interface) readInterface(state, body);
  else if (type === PCAPNG_BLOCK.enhancedPacket) readPacket(state, body, body.u32());
  else if (type === PCAPNG_BLOCK.packet) readObsoletePacket(state, body);
  else if (type === PCAPNG_BLOCK.simplePacket) readSimplePacket(state, body);
  return length;
}

function sectionOrder(bytes: Uint8Array, at: number): ByteOrder {
  for (const order of ["big", "little"] as const) {
    if (new ByteCursor(bytes, order, at + 8).u32() === PCAPNG_ORDER_MAGIC) return order;
  }
  throw new RangeError("a section header shows neither byte order");
}

function readSection(state: State, body: ByteCursor): void {
  body.skip(4);
  const [major, minor] = [body.u16(), body.u16()];
  if (major !== 1) throw new RangeError(`it is pcapng ${major}.${minor}; only 1 is known`);
  state.interfaces = [];
}

function readInterface(state: State, body: ByteCursor): void {
  const linkType = body.u16();
  body.skip(2);
  const added: Interface = {
    linkType,
    snapLength: body.u32(),
    ticksPerSecond: 1_000_000n,
    offsetSeconds: 0n,
  };
  while (body.remaining > 0) {
    const [code, length] = [body.u16(), body.u16()];
    if (code === PCAPNG_OPTION.end) break;
    const value = new ByteCursor(body.take(length), body.order);
    body.skip(-length & 3);
    if (code === PCAPNG_OPTION.tsResolution) added.ticksPerSecond = ticksPerSecond(value.u8());
    if (code === PCAPNG_OPTION.tsOffset) added.offsetSeconds = value.i64();
  }
  state.interfaces.push(added);
  state.first ??= added;
}

/** The highest bit chooses between powers of 2 and of 10; the others are the exponent. */
function ticksPerSecond(code: number): bigint {
  return code & 0x80 ? 2n ** BigInt(code & 0x7f) : 10n ** BigInt(code);
}

/** An older way to write a packet, with 16 bits for the interface and 16 for a drop count. */
function readObsoletePacket(state: State, body: ByteCursor): void {
  const index = body.u16();
  body.skip(2);
  readPacket(state, body, index);
}

function readPacket(state: State, body: ByteCursor, index: number): void {
  const source = findInterface(state, index);
  const ticks = (BigInt(body.u32()) << 32n) | BigInt(body.u32());
  const timestampNs =
    source.offsetSeconds * 1_000_000_000n + (ticks * 1_000_000_000n) / source.ticksPerSecond;
  const [captured, originalLength] = [body.u32(), body.u32()];
  takePacket(state, source, body, { timestampNs, captured, originalLength });
}

function readSimplePacket(state: State, body: ByteCursor): void {
  const source = findInterface(state, 0);
  const originalLength = body.u32();
  const captured = Math.min(originalLength, source.snapLength || originalLength);
  takePacket(state, source, body, { timestampNs: 0n, captured, originalLength });
}

function findInterface(state: State, index: number): Interface {
  const known = state.interfaces.length;
  if (index >= known)
    throw new RangeError(`a packet names interface ${index}; its section describes ${known}`);
  return state.interfaces[index];
}

function takePacket(
  state: State,
  source: Interface,
  body: ByteCursor,
  packet: { timestampNs: bigint; captured: number; originalLength: number },
): void {
  const { timestampNs, captured, originalLength } = packet;
  const fault = faultOfLength(captured, body.remaining, source.snapLength);
  if (fault !== null) throw new RangeError(fault);
  state.packets.push({ timestampNs, bytes: body.take(captured), originalLength, linkType: source.linkType });
}
