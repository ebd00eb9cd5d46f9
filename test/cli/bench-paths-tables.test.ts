import { formatCount } from "ringside/base";
import { bakeOffLines, belowLines, languageLine, sweepLines } from "ringside/cli";
import type { BakeOffOutcome, benchmarks, PathOutcome, PathSweepOutcome } from "ringside/measure";
import { describe, expect, test } from "vitest";

function outcome(title: string, medianPps: number, received: number): PathOutcome {
  return {
    ...({
      name: "dpdk-af-packet",
      title,
      how: "",
      load: "frames",
      sees: "frame",
      ends: "elsewhere",
    } as const),
    copies: { count: 2, by: "" },
    max: {
      ...{ medianPps, low: medianPps, high: medianPps, samplesPps: [medianPps], offered: 1000, received },
      losses: [{ hop: "receive ring full", packets: 1000 - received, next: "send more slowly" }],
      ...{ unaccounted: 0, consumerCpuNs: null, helperCpuNs: null, cpus: [] },
    },
    nsPerPacket: medianPps > 0 ? 1e9 / medianPps : null,
    ...{ timedUntil: null, oneCpu: null, below: null, events: null },
  };
}

describe("the table of paths", () => {
  const bake: BakeOffOutcome = {
    paths: [outcome("quick", 2e6, 900), outcome("late", 0, 700)],
    missing: [],
    ...({ frameBytes: 60, batch: 64, touch: "headers" } as const),
    cpus: { injector: 0, consumer: 1 },
  };

  test("gives packets a second and the time between two of them", () => {
    expect(bakeOffLines(bake)[1]).toMatch(/^quick +2\.000 +500 /);
  });

  test("marks a rate without loss that only the injector kept from being higher", () => {
    const found = (ratePps: number, limit: string): object => ({ ratePps, limit });
    const below = { ndr: found(2e5, "source"), pdr: found(3e5, "loss"), latency: [] };
    const paths = [{ ...outcome("quick", 2e6, 900), below } as unknown as PathOutcome];
    expect(bakeOffLines({ ...bake, paths })[1]).toMatch(/^quick +2\.000 +500 +≥200 +300 +- /);
  });

  test("has a second part: what each core did, and latencies at shares of the rate without loss", () => {
    const at = (share: number, received: number, p50Ns: number): object => ({
      share,
      received,
      p50Ns,
      p99Ns: 2 * p50Ns,
    });
    const below = { latency: [at(0.2, 9, 1000), at(0.5, 9, 2000), at(0.95, 0, Number.NaN)] };
    const quick = outcome("quick", 2e6, 900);
    const max = { ...quick.max, cpus: [{ cpu: 1, role: "consumer", busy: 0.987 }] };
    const paths = [{ ...quick, max, below } as unknown as PathOutcome, outcome("late", 1e6, 900)];
    const lines = belowLines({ ...bake, paths }).map((line) => line.replaceAll(/ +/g, " "));
    expect(lines.slice(0, 3)).toEqual([
      "path CPU 0 % CPU 1 % p50@20 p99@20 p50@50 p99@50 p50@80 p99@80 p50@95 p99@95",
      "quick - 99 1.0 2.0 2.0 4.0 - - - -",
      "late - - - - - - - - - -",
    ]);
    expect(lines.filter((line) => line.includes("latency until"))).toEqual([]);
  });

  test("says what a latency ends with that does not end in a program of ours", () => {
    const timed = { ...outcome("sent back", 2e6, 900), timedUntil: "it comes back: a round trip" };
    expect(belowLines({ ...bake, paths: [timed] }).at(-1)).toBe(
      "sent back: latency until it comes back: a round trip",
    );
  });

  test("has no time for a path that received nothing, and names it with the hop that lost the packets", () => {
    const lines = bakeOffLines(bake);
    expect(lines[2]).toMatch(/^late +0\.000 +- /);
    expect(lines.filter((line) => line.includes("nothing came"))).toEqual([
      "late: nothing came while the load was offered; 700 of 1000 came, too late for a rate; receive ring full: 300 -> send more slowly",
    ]);
  });

  test("says which hop lost how many, and that none did", () => {
    const lines = bakeOffLines(bake);
    expect(lines).toContain(`quick: receive ring full 10.0 % (100); of ${formatCount(1000)}`);
    const quick = outcome("quick", 2e6, 1000);
    const whole = { ...quick, max: { ...quick.max, losses: [] } };
    expect(bakeOffLines({ ...bake, paths: [whole] })).toContain("at the largest load no path lost a packet");
  });

  test.each([
    [7, `7 of ${formatCount(1000)} packets neither came nor were lost at a named hop`],
    [-7, `7 packets more than the ${formatCount(1000)} offered came or were counted as lost`],
  ])("gives no row to a path with %i packets that are unaccounted for, and says so", (unaccounted, why) => {
    const quick = outcome("quick", 2e6, 900);
    const paths = [{ ...quick, max: { ...quick.max, unaccounted } }];
    const lines = [...bakeOffLines({ ...bake, paths }), ...belowLines({ ...bake, paths })];
    expect(lines.filter((line) => line.startsWith("quick  "))).toEqual([]);
    expect(lines.filter((line) => line.startsWith("quick: no figures: "))).toEqual([
      expect.stringContaining(`${why} -> run it again`),
    ]);
  });

  test.each([
    [{}, "frames of 60 bytes, up to 64 at once, headers read;"],
    [
      { frameBytes: "imix", touch: "bytes" },
      "frames of the Internet's mix of sizes, up to 64 at once, all bytes read;",
    ],
    [{ batch: 1, touch: "nothing" }, "frames of 60 bytes, up to 1 at once, nothing read;"],
  ] as const)("says under which load: %o", (load, words) => {
    expect(bakeOffLines({ ...bake, ...load }).at(-1)).toContain(words);
  });

  test("says of a path that makes its packets itself that no wire carried them", () => {
    const paths = [{ ...outcome("ceiling", 9e7, 900), load: "itself", how: "a loop alone" } as const];
    expect(bakeOffLines({ ...bake, paths })).toContain("ceiling: no packets from a wire: a loop alone");
  });

  test("reads the same after a trip through JSON", () => {
    expect(bakeOffLines(JSON.parse(JSON.stringify(bake)) as BakeOffOutcome)).toEqual(bakeOffLines(bake));
  });
});

test("a path whose loop is Node's own has no goal, another one's ratio is held against it", () => {
  const rateRatio = { medianRatio: 0.9, low: 0.89, high: 0.91, noise: 0.01 };
  const line = (path: string, title: string): string =>
    languageLine({ path, title, rateRatio } as unknown as benchmarks.PathPair);
  expect(line("udp-recvmsg", "UDP recvmsg")).toMatch(
    /0\.900 × \[0\.890, 0\.910\], noise 1\.0 %, goal 0\.95 missed$/,
  );
  expect(line("node-dgram", "node:dgram")).toMatch(/no goal: the loop is Node's own$/);
});

test("a sweep has a row for each path and a column for each setting, and no time where nothing came", () => {
  const at = (path: string, batch: number, nsPerPacket: number): object => {
    return { path, at: batch, nsPerPacket, gigabitsPerSecond: 480 / nsPerPacket };
  };
  const points = [at("a", 1, 300), at("a", 64, 150), at("b", 1, Number.POSITIVE_INFINITY), at("b", 64, 240)];
  const outcome = { axis: "batch", points } as unknown as PathSweepOutcome;
  const lines = sweepLines(outcome, (name) => `path ${name}`).map((line) => line.replaceAll(/ +/g, " "));
  expect(lines.slice(0, 3)).toEqual(["ns a packet 1 64", "path a 300 150", "path b - 240"]);
  expect(lines.slice(3, 6)).toEqual(["Gbit/s 1 64", "path a 1.60 3.20", "path b 0.00 2.00"]);
});
