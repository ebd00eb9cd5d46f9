// The server's thread: in its host's namespace, on a CPU of its own, until its control word says stop. It never gives its event
// loop a turn while it serves.
import { parentPort, workerData } from "node:worker_threads";
import { blockSignals, enterNamespace, pinThread } from "../sys/index.js";
import { CacheWriter } from "./cache.js";
import { KvServer } from "./server.js";
import { COMMAND, type KvServerReport, type KvServerSpec } from "./server-thread.js";
import { makeKvValue } from "./value.js";

/** Longest sleep of a server without requests, in ms: so late may it notice a command. */
const SLEEP_MS = 20;

function fill(server: KvServer, keys: number, cache: CacheWriter | null): void {
  for (let key = 0; key < keys; key++) {
    const entry = server.store.put(key, makeKvValue(key, 0), 0);
    if (cache?.admits(key)) cache.write(key, entry);
  }
}

function serve(spec: KvServerSpec, control: Int32Array): void {
  blockSignals();
  pinThread([spec.cpu]);
  enterNamespace(spec.namespace);
  const cache = spec.cache && new CacheWriter(spec.cache);
  const server = new KvServer(spec.address, spec.port, spec.queued, cache, spec.order);
  try {
    fill(server, spec.keys, cache);
    parentPort!.postMessage("ready");
    for (;;) {
      server.serve(SLEEP_MS);
      const command = Atomics.exchange(control, 0, COMMAND.serve);
      if (command === COMMAND.stop) return;
      if (command === COMMAND.report) parentPort!.postMessage(reportOf(server));
    }
  } finally {
    server.close();
  }
}

function reportOf({ counts, store }: KvServer): KvServerReport {
  return { counts, versions: new Map([...store.entries].map(([key, { version }]) => [key, version])) };
}

// What it throws ends the thread and reaches the other one as the worker's error.
if (parentPort !== null) serve(workerData.spec as KvServerSpec, workerData.control as Int32Array);
