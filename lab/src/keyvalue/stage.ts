// Everything on one wire: the client on host a, the server on host b, and in front of its kernel the cache, or not.
import { Testbed, twoHosts } from "../net/index.js";
import { addressOfEnd, type Cpus } from "../paths/index.js";
import type { PacketLoss, XdpProgram } from "../xdp/index.js";
import { attachCache, type CacheCounts, cacheCounts } from "./cache.js";
import { KvClient } from "./client.js";
import { KV_PORT } from "./message.js";
import type { KvAsk } from "./schedule.js";
import type { KvWriteOrder } from "./server.js";
import { type KvServerReport, KvServerThread } from "./server-thread.js";

/** What to build. */
export interface KeyValueSpec {
  /** Keys that exist from the start. */
  readonly keys: number;
  /** Most keys that the XDP program answers for; 0 for no program at all. */
  readonly cached: number;
  readonly schedule: readonly KvAsk[];
  /** `injector` is the calling thread's, which makes the load and runs the XDP programs. The server is on `consumer`. */
  readonly cpus: Cpus;
  /** Requests that the server's socket can hold. */
  readonly queued?: number;
  readonly order?: KvWriteOrder;
  readonly locked?: boolean;
}

/** A server and its load. Close it when done. */
export interface KeyValueStage {
  readonly testbed: Testbed;
  readonly client: KvClient;
  /** Null without a cache. */
  readonly cache: XdpProgram | null;
  cacheCounts(): CacheCounts | null;
  report(): Promise<KvServerReport>;
  /** Requests and answers that a hop lost since it was built; hops that lost none too. */
  losses(): Promise<PacketLoss[]>;
  close(): Promise<void>;
}

/** Requests that a server's socket holds unless told otherwise. */
export const KV_QUEUED = 4096;

/**
 * Builds it.
 *
 * @throws SysError EPERM without root; nothing is left behind
 */
export async function openKeyValue(spec: KeyValueSpec): Promise<KeyValueStage> {
  const { keys, cached, schedule, cpus, queued = KV_QUEUED, order = "cache first", locked = true } = spec;
  const testbed = Testbed.create(twoHosts());
  let server: KvServerThread | undefined;
  try {
    const cache = cached > 0 ? attachCache(testbed, "b", { capacity: cached, port: KV_PORT, locked }) : null;
    server = await KvServerThread.open({
      namespace: testbed.path("b"),
      cpu: cpus.consumer,
      address: addressOfEnd(testbed.end("b")),
      port: KV_PORT,
      queued,
      keys,
      cache: cache === null ? null : { ...cache.object.map("cache").spec },
      order,
    });
    const thread = server;
    return {
      testbed,
      client: new KvClient(testbed, "a", schedule),
      cache,
      cacheCounts: () => cache && cacheCounts(cache),
      report: () => thread.report(),
      losses: () => lossesOn(testbed, thread),
      async close() {
        await thread.close();
        testbed.close();
      },
    };
  } catch (error) {
    await server?.close();
    testbed.close();
    throw error;
  }
}

async function lossesOn(testbed: Testbed, server: KvServerThread): Promise<PacketLoss[]> {
  const { counts } = await server.report();
  const [a, b] = [testbed.facts("a"), testbed.facts("b")];
  return [
    { hop: "request: ring of veth-b full", packets: a.driver.refused },
    { hop: "request: the server's socket buffer full", packets: counts.overflowed },
    { hop: "answer: not taken by the server's kernel", packets: counts.unsent },
    { hop: "answer: ring of veth-a full", packets: b.txDropped },
  ];
}
