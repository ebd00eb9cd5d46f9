// What a packet takes that no thread of ours sees: a program in the kernel keeps the time, and must keep it of each packet it counts.

import { Testbed, twoHosts } from "ringside/net";
import { buildFrame } from "ringside/packet";
import { type PathName, paths, type Run, Stage } from "ringside/paths";
import { type Bucket, cdfPoints, cdfValueAt, median } from "ringside/stats";
import { attachXdp, loadCounter, PacketTimes } from "ringside/xdp";
import { expect, test } from "vitest";

const RATE_PPS = 5000;
const PACKETS = 1000;

async function onStage<T>(path: PathName, run: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = await Stage.open({ path, paced: true });
  try {
    return await run(stage);
  } finally {
    await stage.close();
  }
}

/** Byte of a frame where its number goes, and a UDP datagram to hold it. */
const NUMBER_AT = 42;
const clockNs = (): number => Number(process.hrtime.bigint());

const countOf = (buckets: readonly Bucket[]): number => buckets.reduce((sum, { count }) => sum + count, 0);
const quantile = ({ latencies }: Run, fraction: number): number => cdfValueAt(cdfPoints(latencies), fraction);
const elsewhere = paths.filter((path) => path.ends === "elsewhere" && path.load === "frames");
const timed = elsewhere.filter((path) => path.ends === "elsewhere" && path.timedUntil !== null);

test("every verdict keeps times, and of DPDK those that send back", () => {
  expect(timed.map(({ name }) => name)).toEqual(
    elsewhere.map(({ name }) => name).filter((name) => name.startsWith("xdp-") || name.endsWith("-forward")),
  );
});

test("a time is put into the bucket that holds it, from nanoseconds to more than a minute", () => {
  const testbed = Testbed.create(twoHosts());
  try {
    const program = loadCounter("DROP", true);
    attachXdp(testbed, "b", program);
    const times = new PacketTimes(program.object);
    const datagram = buildFrame({
      ethernet: { source: testbed.end("a").mac, destination: testbed.end("b").mac },
      ipv4: { source: "10.0.0.1", destination: "10.0.0.2" },
      udp: { sourcePort: 7777, destinationPort: 7777, checksum: 0 },
      payload: new Uint8Array(18),
    });
    const injector = testbed.injector("a", datagram, NUMBER_AT);
    const place = 3; // the frame is the fourth of its run
    injector.injectNow(place);
    for (const ageNs of [0, 1e3, 1e5, 12_345_678, 1e9, 6e10, 1e11]) {
      const intervalNs = 1000 / 3;
      const sentNs = clockNs();
      const startNs = sentNs - ageNs - place * intervalNs;
      times.begin({ first: injector.offered - place, startNs, intervalNs });
      injector.injectNow(1);
      const tookNs = clockNs() - sentNs;
      const most = ageNs >= 2 ** 36 ? 2 ** 36 - 1 : ageNs;
      const [bucket, ...others] = times.read().buckets();
      expect(others).toEqual([]);
      expect(bucket).toMatchObject({ count: 1 });
      expect(bucket!.high).toBeGreaterThanOrEqual(most);
      expect(bucket!.low).toBeLessThanOrEqual(most + tookNs);
      expect(bucket!.high - bucket!.low).toBeLessThanOrEqual(bucket!.low / 128);
    }
    // A packet that is not of the run is counted by the program, and has no time.
    times.begin({ first: injector.offered + 1, startNs: clockNs(), intervalNs: 1 });
    injector.injectNow(1);
    expect(times.read().count).toBe(0);
    testbed.injector("a").injectNow(1);
    expect(times.read().count).toBe(0);
  } finally {
    testbed.close();
  }
});

test.each(timed.map(({ name }) => name))(
  "%s keeps one time for each packet that it counts, run by run, and none of a load without due times",
  async (path) => {
    await onStage(path, async (stage) => {
      for (const packets of [PACKETS, PACKETS / 2]) {
        const run = await stage.run({ frames: packets, ratePps: RATE_PPS });
        expect(run).toMatchObject({ received: packets, unaccounted: 0, losses: [] });
        expect(countOf(run.latencies)).toBe(packets);
        // Nothing takes longer than its run, as a number would that was taken for another's, or a clock that is not ours.
        expect(quantile(run, 1)).toBeLessThan((run.seconds + 1) * 1e9);
      }
      expect((await stage.run({ frames: 64, inFlight: 64 })).latencies).toEqual([]);
    });
  },
);

test.each(["dpdk-af-xdp", "dpdk-af-packet"] as const)("%s keeps none", async (path) => {
  const run = await onStage(path, (stage) => stage.run({ frames: 100, ratePps: RATE_PPS }));
  expect(run).toMatchObject({ received: 100, latencies: [] });
});

test("a stall is in the times of all packets that were due in it, though they were sent after it", async () => {
  const [pauseMs, atMs] = [200, 50];
  const run = await onStage("xdp-drop", (stage) => {
    // The injector gives the event loop a turn every 20 ms; this one takes its time.
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs), atMs);
    return stage.run({ seconds: 0.5, ratePps: RATE_PPS });
  });
  const late = run.latencies.filter(({ low }) => low >= (pauseMs / 2) * 1e6);
  expect(countOf(run.latencies)).toBe(run.received);
  expect(quantile(run, 1)).toBeGreaterThan((pauseMs - 25) * 1e6); // up to a turn of 20 ms was over already
  // Half of the pause's packets waited half of it or longer.
  expect(countOf(late)).toBeGreaterThan((0.8 * RATE_PPS * pauseMs) / 2000);
});

/** Of the quickest packets: those in the middle show, on a busy machine, who else ran. */
const QUICK = 0.1;

test("a packet reaches a dropping driver sooner than a program that sleeps in recvmsg", async () => {
  const times: Record<string, number[]> = { "xdp-drop": [], "udp-recvmsg": [] };
  for (let round = 0; round < 3; round++) {
    for (const path of ["xdp-drop", "udp-recvmsg"] as const) {
      const run = await onStage(path, (stage) => stage.run({ frames: PACKETS, ratePps: RATE_PPS }));
      times[path]!.push(quantile(run, QUICK));
    }
  }
  expect(median(times["xdp-drop"]!), JSON.stringify(times)).toBeLessThan(median(times["udp-recvmsg"]!));
});
