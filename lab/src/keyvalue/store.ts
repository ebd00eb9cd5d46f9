// What the server knows. One thread reads and writes it, so there is nothing to lock; what another core reads at the same
// time is the cache, and that is a copy.
import { readUint, writeUint } from "../base/index.js";
import { KV_AT, KV_BY, KV_MESSAGE_BYTES, KV_OP, KV_STATUS } from "./message.js";

/** Version and value as a message has them, and how often the key was written. */
export interface KvEntry {
  /** 40 bytes: 8 of the version, 32 of the value. */
  readonly content: Uint8Array;
  version: number;
}

/** Bytes of `KvEntry.content`. */
export const KV_CONTENT_BYTES: number = KV_MESSAGE_BYTES - KV_AT.version;

/** Keys and their values. */
export class KvStore {
  readonly entries: Map<number, KvEntry> = new Map();

  /** Writes a key, from bytes that hold the value. @returns Its entry, with the new version. */
  put(key: number, bytes: Uint8Array, valueAt: number): KvEntry {
    let entry = this.entries.get(key);
    if (entry === undefined) {
      entry = { content: new Uint8Array(KV_CONTENT_BYTES), version: 0 };
      this.entries.set(key, entry);
    }
    const { content } = entry;
    writeUint(content, 2, 6, ++entry.version);
    for (let i = 8; i < KV_CONTENT_BYTES; i++) content[i] = bytes[valueAt + i - 8]!;
    return entry;
  }

  /**
   * Makes the answer of a request, in place.
   *
   * @param bytes hold a request (`isKvRequest`) at `at`
   * @returns the entry that was read or written; null where there is none
   */
  answer(bytes: Uint8Array, at: number): KvEntry | null {
    const key = readUint(bytes, at + KV_AT.key + 4, 4);
    const isPut = bytes[at + KV_AT.op] === KV_OP.put;
    const entry = isPut ? this.put(key, bytes, at + KV_AT.value) : this.entries.get(key);
    bytes[at + KV_AT.by] = KV_BY.server;
    if (entry === undefined) {
      bytes[at + KV_AT.status] = KV_STATUS.missing;
      return null;
    }
    bytes[at + KV_AT.status] = isPut ? KV_STATUS.stored : KV_STATUS.found;
    bytes.set(entry.content, at + KV_AT.version);
    return entry;
  }
}
