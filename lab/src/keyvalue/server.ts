// The server: a UDP socket, a store, and a cache in front of both. One system call fetches a batch, one sends its answers. The
// order inside a batch is the whole of the cache's truth: store, cache, and only then the acknowledgement.
import { readUint } from "../base/index.js";
import { bufferDrops, setReceiveBuffer } from "../paths/index.js";
import { AF_INET, bind, close, ipv4SocketAddress, POLLIN, poll, SOCK_DGRAM, socket } from "../sys/index.js";
import type { CacheWriter } from "./cache.js";
import { Datagrams } from "./datagrams.js";
import { isKvRequest, KV_AT, KV_OP } from "./message.js";
import { type KvEntry, KvStore } from "./store.js";

/** When the cache hears of a PUT: before the client does, as is right; or after, to see what becomes of it. */
export type KvWriteOrder = "cache first" | "acknowledge first";

/** What a server did. */
export interface KvServerCounts {
  readonly gets: number;
  readonly puts: number;
  /** Datagrams that were no request. */
  readonly ignored: number;
  /** Answers that the kernel did not take. */
  readonly unsent: number;
  /** Requests that found the socket's buffer full. */
  readonly overflowed: number;
}

const BATCH = 64;

/** A server on the calling thread, which is in its host's namespace. Close it when done. */
export class KvServer {
  readonly store: KvStore = new KvStore();
  private readonly tally = { gets: 0, puts: 0, ignored: 0, unsent: 0 };
  private readonly fd: number;
  private readonly datagrams: Datagrams = new Datagrams(BATCH);
  private readonly cache: CacheWriter | null;
  private readonly order: KvWriteOrder;
  private readonly late: [key: number, entry: KvEntry][] = [];

  /**
   * @param queued requests that its socket can hold
   * @param cache null where everything is answered here
   * @throws SysError EADDRINUSE where the port is taken
   */
  constructor(
    address: string,
    port: number,
    queued: number,
    cache: CacheWriter | null,
    order: KvWriteOrder = "cache first",
  ) {
    this.cache = cache;
    this.order = order;
    this.fd = socket(AF_INET, SOCK_DGRAM, 0);
    setReceiveBuffer(this.fd, queued);
    bind(this.fd, ipv4SocketAddress(address, port), `key-value server to ${address}:${port}`);
  }

  /** Since it was opened. */
  get counts(): KvServerCounts {
    return { ...this.tally, overflowed: bufferDrops(this.fd).packets };
  }

  /** Answers what waits. @param waitMs how long to sleep where nothing does @returns requests and others taken */
  serve(waitMs: number): number {
    let taken = this.datagrams.receive(this.fd);
    if (taken === 0 && waitMs > 0 && poll(this.fd, POLLIN, waitMs) !== 0)
      taken = this.datagrams.receive(this.fd);
    let from = 0;
    for (let i = 0; i < taken; i++) {
      if (this.answer(i)) continue;
      this.reply(from, i);
      from = i + 1;
    }
    this.reply(from, taken);
    for (const [key, entry] of this.late.splice(0)) this.cache?.write(key, entry);
    return taken;
  }

  /** @returns false for what is no request */
  private answer(index: number): boolean {
    const { bytes } = this.datagrams;
    const at = this.datagrams.at(index);
    if (!isKvRequest(bytes, at, this.datagrams.length(index))) {
      this.tally.ignored++;
      return false;
    }
    const isPut = bytes[at + KV_AT.op] === KV_OP.put;
    if (isPut) this.tally.puts++;
    else this.tally.gets++;
    const entry = this.store.answer(bytes, at);
    const key = readUint(bytes, at + KV_AT.key + 4, 4);
    if (entry === null || !this.cache?.admits(key)) return true;
    if (isPut && this.order === "acknowledge first") this.late.push([key, entry]);
    else this.cache.write(key, entry);
    return true;
  }

  private reply(from: number, to: number): void {
    if (from < to) this.tally.unsent += to - from - this.datagrams.reply(this.fd, from, to);
  }

  close(): void {
    close(this.fd);
    this.datagrams.close();
  }
}
