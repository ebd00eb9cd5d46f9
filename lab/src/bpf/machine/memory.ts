// A program sees a few separate runs of bytes: the packet, a stack for each function, values of maps. Here each has a
// number, and an address is that number and an offset: so pointers can be added to and compared as in the kernel, and
// an address that leads out of its run is caught.
import type { Size } from "../instruction/instruction.js";
import type { PacketBuffer } from "./packet-buffer.js";

/** What a run of bytes is. */
export type RegionKind = "context" | "packet" | "stack" | "map" | "map value";

/** A run of bytes with a number. */
export interface MemoryRegion {
  readonly kind: RegionKind;
  /** For people: `packet`, `stack of frame 0`, `verdicts[2]`. */
  readonly name: string;
  readonly number: number;
  readonly view: DataView;
}

/** What a program can ask of its packet beside the bytes. */
export interface Surroundings {
  /** Index of the interface that the packet came in by; 1, as in a test run of the kernel, unless given. */
  readonly ingressIfindex?: number;
  /** Its queue, 0 unless given. */
  readonly rxQueueIndex?: number;
}

/** Bytes that one instruction read or wrote. */
export interface MemoryAccess {
  readonly action: "read" | "write";
  readonly region: MemoryRegion;
  /** From the packet's first byte as it was then, from the frame pointer of a stack, from the start of others. */
  readonly offset: number;
  readonly sizeBytes: number;
}

/** The program did what no accepted program can do. */
export class MachineError extends Error {
  override readonly name: string = "MachineError";
}

/** Bytes of a function's stack. @source include/linux/filter.h, MAX_BPF_STACK */
export const STACK_BYTES = 512;
const CONTEXT_BYTES = 24;
// Offsets in struct xdp_md. @source include/uapi/linux/bpf.h
const CONTEXT = { data: 0, dataEnd: 4, dataMeta: 8, ingressIfindex: 12, rxQueueIndex: 16 } as const;

/** All that a program can reach. */
export class Memory {
  readonly packet: PacketBuffer;
  readonly context: MemoryRegion;
  readonly packetRegion: MemoryRegion;
  /** What was touched since this was emptied last. */
  readonly accesses: MemoryAccess[] = [];
  // Number 0 is kept free: so no address is 0, and 0 is "nowhere".
  private readonly regions: (MemoryRegion | null)[] = [null];

  constructor(packet: PacketBuffer, { ingressIfindex = 1, rxQueueIndex = 0 }: Surroundings = {}) {
    this.packet = packet;
    this.context = this.add("context", "context", new Uint8Array(CONTEXT_BYTES));
    this.context.view.setUint32(CONTEXT.ingressIfindex, ingressIfindex, true);
    this.context.view.setUint32(CONTEXT.rxQueueIndex, rxQueueIndex, true);
    this.packetRegion = this.add("packet", "packet", packet.page);
  }

  /** Adds a run of bytes; it is not copied. */
  add(kind: RegionKind, name: string, bytes: Uint8Array): MemoryRegion {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const region = { kind, name, number: this.regions.length, view };
    this.regions.push(region);
    return region;
  }

  /** The address of a byte. */
  address(region: MemoryRegion, offset = 0): bigint {
    return BigInt(region.number) * 0x1_0000_0000n + BigInt(offset);
  }

  /** The run that an address leads into, and where; null where it leads nowhere. */
  find(address: bigint): { region: MemoryRegion; offset: number } | null {
    const region = this.regions[Number(address >> 32n)] ?? null;
    return region && { region, offset: Number(address & 0xffff_ffffn) };
  }

  /** Reads a number. @throws MachineError outside of what may be read */
  load(address: bigint, size: Size): bigint {
    const found = this.reach("read", address, size);
    const pointer = found.region === this.context ? this.contextPointer(found.offset, size) : null;
    return pointer ?? loadFrom(found.region.view, found.offset, size);
  }

  /** Writes a number. @throws MachineError outside of what may be written */
  store(address: bigint, size: Size, value: bigint): void {
    const { region, offset } = this.reach("write", address, size);
    if (region === this.context)
      throw new MachineError(
        "Cannot write to the context: XDP's is read only -> write to the packet, or a variable of your own",
      );
    storeTo(region.view, offset, size, value);
  }

  /** A window on a run of bytes, for helpers that work on many. @throws MachineError as `load` */
  bytes(action: MemoryAccess["action"], address: bigint, sizeBytes: number): Uint8Array {
    if (sizeBytes === 0) return new Uint8Array(0);
    const { region, offset } = this.reach(action, address, sizeBytes);
    return new Uint8Array(region.view.buffer, region.view.byteOffset + offset, sizeBytes);
  }

  /** An address in words: `packet+14`, `fp-8`, `verdicts[2]+8`. Null for a number that is no address. */
  describe(address: bigint): string | null {
    const found = this.find(address);
    if (found === null) return null;
    const offset = found.offset - this.originOf(found.region);
    const name = found.region.kind === "stack" ? "fp" : found.region.name;
    return offset === 0 ? name : `${name}${offset < 0 ? "" : "+"}${offset}`;
  }

  private contextPointer(offset: number, size: Size): bigint | null {
    if (size !== 4) return null;
    const { meta, data, end } = this.packet;
    const place = { [CONTEXT.data]: data, [CONTEXT.dataEnd]: end, [CONTEXT.dataMeta]: meta }[offset];
    return place === undefined ? null : this.address(this.packetRegion, place);
  }

  private originOf({ kind }: MemoryRegion): number {
    if (kind === "packet") return this.packet.data;
    return kind === "stack" ? STACK_BYTES : 0;
  }

  private reach(
    action: MemoryAccess["action"],
    address: bigint,
    sizeBytes: number,
  ): { region: MemoryRegion; offset: number } {
    const found = this.find(address);
    if (found === null || found.region.kind === "map") {
      throw new MachineError(
        `Cannot ${action} ${sizeBytes} bytes at 0x${address.toString(16)}: no memory of the program is there -> the verifier refuses such a program; ask it why`,
      );
    }
    const { region, offset } = found;
    const inPacket = region === this.packetRegion;
    const first = inPacket ? this.packet.meta : 0;
    const end = inPacket ? this.packet.end : region.view.byteLength;
    if (offset < first || offset + sizeBytes > end) {
      throw new MachineError(
        `Cannot ${action} ${sizeBytes} bytes at ${this.describe(address)}: ${region.name} ends at ${end - this.originOf(region)} -> the verifier refuses such a program; ask it why`,
      );
    }
    this.accesses.push({ action, region, offset: offset - this.originOf(region), sizeBytes });
    return found;
  }
}

function loadFrom(view: DataView, offset: number, size: Size): bigint {
  switch (size) {
    case 1:
      return BigInt(view.getUint8(offset));
    case 2:
      return BigInt(view.getUint16(offset, true));
    case 4:
      return BigInt(view.getUint32(offset, true));
    case 8:
      return view.getBigUint64(offset, true);
  }
}

function storeTo(view: DataView, offset: number, size: Size, value: bigint): void {
  switch (size) {
    case 1:
      view.setUint8(offset, Number(value & 0xffn));
      break;
    case 2:
      view.setUint16(offset, Number(value & 0xffffn), true);
      break;
    case 4:
      view.setUint32(offset, Number(value & 0xffff_ffffn), true);
      break;
    case 8:
      view.setBigUint64(offset, value, true);
  }
}
