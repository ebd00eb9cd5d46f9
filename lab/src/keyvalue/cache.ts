// The cache: a BPF hash map that the server writes and the XDP program in front of its kernel reads. Nobody else writes, and
// the server writes before it acknowledges; that is all that keeps it true.
import type { Testbed } from "../net/index.js";
import { addressOfEnd } from "../paths/index.js";
import { BPF_F_LOCK, BpfMap, type BpfMapSpec, ipv4SocketAddress } from "../sys/index.js";
import { attachXdp, loadXdp, type XdpProgram } from "../xdp/index.js";
import { KV_CONTENT_BYTES, type KvEntry } from "./store.js";

/** Where the content lies behind the lock, in `struct cached`. */
const CONTENT_AT = 8;
const KEY_BYTES = 8;

/** What came to the program for the server. */
export interface CacheCounts {
  /** GETs that it answered. */
  readonly hits: number;
  /** GETs that it passed to the server. */
  readonly misses: number;
  /** Everything else for the server's port. */
  readonly puts: number;
}

/** What to load. */
export interface CacheSpec {
  /** Most keys that it holds. */
  readonly capacity: number;
  readonly port: number;
  /** False leaves out the reader's lock, to see what it is for. */
  readonly locked: boolean;
}

/** Loads the program for one server. Nothing is attached. @param address IPv4 address, the only one that it answers for */
export function loadCache(address: string, { capacity, port, locked }: CacheSpec): XdpProgram {
  const constants = new Uint8Array(8);
  constants.set(ipv4SocketAddress(address, port).subarray(4, 8));
  new DataView(constants.buffer).setUint16(4, port, false);
  new DataView(constants.buffer).setUint16(6, locked ? 1 : 0, true);
  return loadXdp("kv_cache", { maxEntries: { cache: capacity }, initialValues: { ".rodata": constants } });
}

/** Loads and attaches it to a host's end. */
export function attachCache(testbed: Testbed, host: string, spec: CacheSpec): XdpProgram {
  const program = loadCache(addressOfEnd(testbed.end(host)), spec);
  attachXdp(testbed, host, program);
  return program;
}

/** The order of `enum kv_request`. */
export function cacheCounts({ object }: XdpProgram): CacheCounts {
  const [hits, misses, puts] = [0, 1, 2].map((kind) => object.map("requests").readCounters(kind)[0]!);
  return { hits: hits!, misses: misses!, puts: puts! };
}

/** The writing side, for the server's thread: a descriptor is good in every thread of the process. */
export class CacheWriter {
  private readonly map: BpfMap;
  private readonly cached: Set<number> = new Set();
  private readonly key: Uint8Array = new Uint8Array(KEY_BYTES);
  private readonly value: Uint8Array = new Uint8Array(CONTENT_AT + KV_CONTENT_BYTES);

  constructor(spec: BpfMapSpec) {
    this.map = new BpfMap(spec);
  }

  /** Whether a key is cached, or could be. */
  admits(key: number): boolean {
    return this.cached.has(key) || this.cached.size < this.map.spec.maxEntries;
  }

  /** Writes a key's entry, in place and under the lock where it is cached already. */
  write(key: number, { content }: KvEntry): void {
    new DataView(this.key.buffer).setUint32(4, key, false);
    this.value.set(content, CONTENT_AT);
    this.map.update(this.key, this.value, BPF_F_LOCK);
    this.cached.add(key);
  }
}
