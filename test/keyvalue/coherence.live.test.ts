import {
  hotAndColdKeys,
  isWholeKvValue,
  type KeyValueSpec,
  type KeyValueStage,
  KV_BY,
  KvSocketClient,
  makeKvValue,
  openKeyValue,
} from "ringside/keyvalue";
import { chooseCpus } from "ringside/paths";
import { seededRandom } from "ringside/stats";
import { allowedCpus, pinThread } from "ringside/sys";
import { countDuring } from "ringside/trace";
import { afterEach, expect, test } from "vitest";

const KEYS = 256;
const HOT = 32;
const allowed = allowedCpus();
const cpus = chooseCpus(allowed);
let stage: KeyValueStage | undefined;

async function open(
  spec: Partial<KeyValueSpec> & { hitShare?: number; putShare?: number } = {},
): Promise<KeyValueStage> {
  pinThread([cpus.injector]);
  const { hitShare = 0.95, putShare = 0.05 } = spec;
  const schedule = hotAndColdKeys({ hot: HOT, keys: KEYS, hitShare, putShare }, seededRandom(53));
  stage = await openKeyValue({ keys: KEYS, cached: HOT, schedule, cpus, ...spec });
  return stage;
}

afterEach(async () => {
  await stage?.close();
  stage = undefined;
  pinThread(allowed);
});

test("a million requests: no wrong answer, no stale or torn value, no lost update, and all counts reconcile", async () => {
  const { client, report, cacheCounts, losses } = await open();
  const load = await client.load(1_000_000, { inFlight: 512 });
  const { counts, versions } = await report();
  expect([load.badChecksum, load.torn, load.stale, load.malformed, load.missing]).toEqual([0, 0, 0, 0, 0]);
  const hops = await losses();
  const lost = hops.reduce((sum, { packets }) => sum + packets, 0);
  const lostAt = (hop: string): number => hops.find((loss) => loss.hop === hop)!.packets;
  expect(load.requests).toBe(1_000_000);
  expect(load.answers + lost).toBe(load.requests);
  const { hits, misses, puts } = cacheCounts()!;
  expect(hits + misses + puts).toBe(load.requests - lostAt("request: ring of veth-b full"));
  // A hit whose answer found the client's ring full is one that the client never hears of.
  expect(hits).toBeGreaterThanOrEqual(load.fromCache);
  expect(hits - load.fromCache).toBeLessThanOrEqual(lostAt("answer: ring of veth-a full"));
  expect(misses - counts.gets).toBeLessThanOrEqual(lost);
  expect(counts.ignored).toBe(0);
  // Every PUT that the server heard of raised one version by one; every one that it acknowledged is among them.
  const written = [...versions.values()].reduce((sum, version) => sum + version - 1, 0);
  expect(written).toBe(counts.puts);
  expect(puts - counts.puts).toBeLessThanOrEqual(lost);
  expect(load.stored).toBeGreaterThanOrEqual(counts.puts - lost);
  expect(load.stored).toBeLessThanOrEqual(counts.puts);
  for (let key = 0; key < KEYS; key++) {
    const acknowledged = client.acknowledged(key);
    const version = versions.get(key)!;
    expect(acknowledged).toBeLessThanOrEqual(version);
    if (lost === 0 && version > 1) expect(acknowledged).toBe(version);
  }
});

test("the checks can fail: a server that acknowledges before it tells its cache is seen to answer stale", async () => {
  const { client } = await open({ order: "acknowledge first", putShare: 0.3 });
  let stale = 0;
  for (let turn = 0; turn < 20 && stale === 0; turn++)
    stale = (await client.load(50_000, { inFlight: 512 })).stale;
  expect(stale).toBeGreaterThan(0);
});

test("a hit makes no socket buffer, a miss and a server without cache make one for each request", async () => {
  const frames = 5000;
  const entered: number[] = [];
  for (const [cached, hitShare] of [
    [HOT, 1],
    [HOT, 0],
    [0, 1],
  ] as const) {
    const { testbed, client, close } = await open({ cached, hitShare, putShare: 0 });
    await client.load(256, { inFlight: 64 });
    const namespaces = [testbed.path("a"), testbed.path("b")];
    const { result, counts } = await countDuring({ skbs: { namespaces } }, () =>
      client.load(frames, { inFlight: 128 }),
    );
    expect(result.answers).toBe(frames);
    entered.push(counts.skbs.own.entered);
    await close();
    stage = undefined;
  }
  expect(entered).toEqual([0, frames, frames]);
});

test("sockets get the same answers: from the cache what is cached, and the new value right after its PUT", async () => {
  const { testbed } = await open();
  const client = new KvSocketClient(testbed, "a");
  for (let round = 1; round <= 200; round++) {
    const key = round % (2 * HOT);
    const value = makeKvValue(key, round);
    const stored = client.put(key, value);
    const found = client.get(key);
    expect(found?.version).toBe(stored?.version);
    expect(found?.value).toEqual(value);
    expect(found?.by).toBe(key < HOT ? KV_BY.cache : KV_BY.server);
    expect(isWholeKvValue(key, found!.value)).toBe(true);
  }
  expect(client.lost).toBe(0);
});
