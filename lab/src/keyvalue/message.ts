// The protocol: one UDP datagram of 64 bytes asks, one of 64 bytes answers. The same table is `struct kv_message` of
// kernels/bpf/kv_message.h. An answer that is no longer than its question cannot be abused to flood somebody else, and fits
// into the question's own frame.
import { readUint, writeUint } from "../base/index.js";

/** UDP port of the server. */
export const KV_PORT = 7000;
/** Bytes of every message. */
export const KV_MESSAGE_BYTES = 64;
export const KV_VALUE_BYTES = 32;
/** "RSKV". */
const MAGIC = 0x52534b56;

/** Where each field is; numbers in network order. Version and value stand together: the cache keeps both. */
export const KV_AT = { op: 0, status: 1, by: 2, magic: 4, id: 8, key: 16, version: 24, value: 32 } as const;

/** What a message asks. */
export const KV_OP = { get: 1, put: 2 } as const;
/** What came of it; 0 in a request. */
export const KV_STATUS = { request: 0, found: 1, missing: 2, stored: 3 } as const;
/** Who answered. */
export const KV_BY = { nobody: 0, server: 1, cache: 2 } as const;

/** A message in host order. */
export interface KvMessage {
  readonly op: number;
  readonly status: number;
  readonly by: number;
  /** 0 to 2 ** 48; comes back with the answer as it was. */
  readonly id: number;
  /** 0 to 2 ** 32 - 1. */
  readonly key: number;
  /** How often the key was written, counted by the server; 0 in a request. */
  readonly version: number;
  readonly value: Uint8Array;
}

const NOTHING: Uint8Array = new Uint8Array(KV_VALUE_BYTES);

/** Builds a request. @param value 32 bytes for a PUT @throws RangeError for a value of another length */
export function buildKvRequest(
  op: "get" | "put",
  key: number,
  id: number,
  value: Uint8Array = NOTHING,
): Uint8Array {
  if (value.length !== KV_VALUE_BYTES) {
    throw new RangeError(
      `Cannot put a value of ${value.length} bytes: a message holds ${KV_VALUE_BYTES} -> fill it up with zeros`,
    );
  }
  const bytes = new Uint8Array(KV_MESSAGE_BYTES);
  bytes[KV_AT.op] = KV_OP[op];
  writeUint(bytes, KV_AT.magic, 4, MAGIC);
  writeUint(bytes, KV_AT.id + 2, 6, id);
  writeUint(bytes, KV_AT.key + 4, 4, key);
  bytes.set(value, KV_AT.value);
  return bytes;
}

/** Whether bytes are a request that a server may answer. @param length of the whole datagram */
export function isKvRequest(bytes: Uint8Array, at: number, length: number): boolean {
  if (length !== KV_MESSAGE_BYTES || readUint(bytes, at + KV_AT.magic, 4) !== MAGIC) return false;
  const op = bytes[at + KV_AT.op];
  return (op === KV_OP.get || op === KV_OP.put) && bytes[at + KV_AT.status] === KV_STATUS.request;
}

/** Reads a message. @returns null for bytes that are none. */
export function readKvMessage(bytes: Uint8Array, at = 0): KvMessage | null {
  if (bytes.length - at < KV_MESSAGE_BYTES || readUint(bytes, at + KV_AT.magic, 4) !== MAGIC) return null;
  return {
    op: bytes[at + KV_AT.op]!,
    status: bytes[at + KV_AT.status]!,
    by: bytes[at + KV_AT.by]!,
    id: readUint(bytes, at + KV_AT.id + 2, 6),
    key: readUint(bytes, at + KV_AT.key + 4, 4),
    version: readUint(bytes, at + KV_AT.version + 2, 6),
    value: bytes.slice(at + KV_AT.value, at + KV_MESSAGE_BYTES),
  };
}
