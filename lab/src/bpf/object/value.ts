// Between the bytes of a map and values that read like the C text's: `{ packets: 3n, source: 0x0a000001 }`. A value is in
// host order, whatever order its bytes have.
import type { IntegerLayout, MemberLayout, ValueLayout } from "./layout.js";

/** A value of a map, as its C type says. Integers of up to 32 bits are numbers, those of 64 bits are bigints. */
export type CValue = number | bigint | string | Uint8Array | readonly CValue[] | CStruct;

/** A struct's members by name. */
export interface CStruct {
  readonly [member: string]: CValue;
}

/** Reads a value. @param bytes as long as the layout says, at least */
export function decodeValue(layout: ValueLayout, bytes: Uint8Array): CValue {
  const { sizeBytes } = layout;
  switch (layout.kind) {
    case "integer":
      return decodeInteger(layout, bytes);
    case "bytes":
      return bytes.slice(0, sizeBytes);
    case "text": {
      const end = bytes.subarray(0, sizeBytes).indexOf(0);
      return new TextDecoder().decode(bytes.subarray(0, end < 0 ? sizeBytes : end));
    }
    case "list": {
      const each = layout.of.sizeBytes;
      return Array.from({ length: layout.count }, (_, i) => decodeValue(layout.of, bytes.subarray(i * each)));
    }
    default:
      return Object.fromEntries(layout.members.map((member) => [member.name, decodeMember(member, bytes)]));
  }
}

function decodeInteger({ sizeBytes, signed, order }: IntegerLayout, bytes: Uint8Array): number | bigint {
  const raw = readBits(bytes, 0, sizeBytes * 8, order);
  const value = signed ? BigInt.asIntN(sizeBytes * 8, raw) : raw;
  return sizeBytes === 8 ? value : Number(value);
}

function decodeMember({ offsetBits, bits, layout }: MemberLayout, bytes: Uint8Array): CValue {
  if (bits === 0) return decodeValue(layout, bytes.subarray(offsetBits / 8));
  const raw = readBits(bytes, offsetBits, bits, "host");
  const signed = layout.kind === "integer" && layout.signed;
  const value = signed ? BigInt.asIntN(bits, raw) : raw;
  return layout.sizeBytes === 8 ? value : Number(value);
}

function readBits(bytes: Uint8Array, offset: number, bits: number, order: "host" | "network"): bigint {
  const [first, behind] = [offset >> 3, (offset + bits + 7) >> 3];
  let value = 0n;
  for (let i = first; i < behind; i++) {
    const byte = BigInt(bytes[i]);
    value = order === "network" ? (value << 8n) | byte : value | (byte << BigInt((i - first) * 8));
  }
  return BigInt.asUintN(bits, value >> BigInt(offset & 7));
}
