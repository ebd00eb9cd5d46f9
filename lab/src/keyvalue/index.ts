/**
 * keyvalue: how much of a server can stand in front of its kernel?
 *
 * Read `message.ts` (the protocol), `server.ts` (the server, and the order that keeps its cache true), then the cache itself,
 * `kernels/bpf/kv_cache.bpf.c`, and `client.ts` (who asks, and checks every answer); notebook 53-requests-in-xdp uses
 * it. Left out: keys that are dropped from the cache, several servers, IPv6.
 */
export {
  attachCache,
  type CacheCounts,
  type CacheSpec,
  CacheWriter,
  cacheCounts,
  loadCache,
} from "./cache.js";
export { type KvAnswerCounts, KvClient, type KvLoadCounts } from "./client.js";
export {
  buildKvRequest,
  isKvRequest,
  KV_AT,
  KV_BY,
  KV_MESSAGE_BYTES,
  KV_OP,
  KV_PORT,
  KV_STATUS,
  KV_VALUE_BYTES,
  type KvMessage,
  readKvMessage,
} from "./message.js";
export { hotAndColdKeys, KV_SCHEDULE_SLOTS, type KvAsk, type KvScheduleSpec } from "./schedule.js";
export { KvServer, type KvServerCounts, type KvWriteOrder } from "./server.js";
export { type KvServerReport, type KvServerSpec, KvServerThread } from "./server-thread.js";
export { KvSocketClient } from "./socket-client.js";
export { kvSource } from "./source.js";
export { type KeyValueSpec, type KeyValueStage, KV_QUEUED, openKeyValue } from "./stage.js";
export { KV_CONTENT_BYTES, type KvEntry, KvStore } from "./store.js";
export { isWholeKvValue, makeKvValue } from "./value.js";
