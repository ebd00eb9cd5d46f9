import { rateLines, ratesPage } from "ringside/cli";
import { type benchmarks, type Result, recordEnvironment } from "ringside/measure";
import { describe, expect, test } from "vitest";

type Outcome = benchmarks.FixedRatesOutcome;
type AtRate = benchmarks.AtRate;

/** One run at a rate, of a second in which the injector kept up. */
function atRate(ratePps: number, received: number, p99Ns: number | null, hop?: string): AtRate {
  const times = { p50Ns: 5000, p90Ns: 9000, p999Ns: 80_000, maxNs: 90_000, buckets: [] };
  const lost = ratePps - received;
  return {
    ...{ ratePps, offered: ratePps, offeredPps: ratePps, received },
    losses: hop === undefined ? [] : [{ hop, packets: lost, next: "send more slowly" }],
    unaccounted: hop === undefined ? lost : 0,
    latency: p99Ns === null ? null : { ...times, p99Ns },
  };
}

const outcome: Outcome = {
  paths: [
    {
      ...({ name: "udp-recvmmsg", title: "recvmmsg", ends: "thread" } as const),
      timedUntil: "the program takes the packet",
      rates: [atRate(1000, 1000, 12_000), atRate(4000, 3000, 45_600, "socket buffer full")],
    },
    {
      ...({ name: "dpdk-af-xdp", title: "DPDK", ends: "elsewhere", timedUntil: null } as const),
      rates: [atRate(1000, 1000, null), atRate(4000, 3998, null)],
    },
  ],
  missing: [{ name: "xdp-drop", title: "XDP_DROP", reason: "no XDP" }],
  ...({ frameBytes: "imix", batch: 32, cpus: { injector: 0, consumer: 1 } } as const),
};

function ok(found: Outcome): Result<Outcome> {
  const base = { id: "r-test", experiment: "fixed-rates", question: "How much comes?", params: {}, seed: 1 };
  const told = { ...base, environment: recordEnvironment(), unseen: ["a NIC"] };
  return { ...told, status: "ok", outcome: found } as unknown as Result<Outcome>;
}

describe("the table of fixed rates", () => {
  const lines = rateLines(outcome).map((line) => line.replaceAll(/ +/g, " "));

  test("has a row for each path and rate: asked, offered, received, lost, and how late", () => {
    expect(lines.slice(1, 5)).toEqual([
      "recvmmsg 1.0 1.0 1000 0.00 5.0 9.0 12.0 80.0 90.0",
      "recvmmsg 4.0 4.0 3000 25.00 5.0 9.0 45.6 80.0 90.0",
      "DPDK 1.0 1.0 1000 0.00 - - - - -",
      "DPDK 4.0 4.0 3998 0.05 - - - - -",
    ]);
  });

  test("names the hop that lost packets, and says of the others that nobody knows", () => {
    expect(lines.slice(5, 8)).toEqual([
      "recvmmsg at 4 kpps lost, of 4000 offered: socket buffer full: 1000",
      "DPDK at 4 kpps lost, of 4000 offered: nobody knows where: 2",
      "XDP_DROP: not here: no XDP",
    ]);
    expect(lines.at(-1)).toMatch(
      /^frames of the Internet's mix of sizes, up to 32 at once, .* CPU 1 consumes;/,
    );
  });
});

describe("the page of fixed rates", () => {
  test("has the table, and the latency over the rates of the paths that have one", () => {
    const { html, slides } = ratesPage(ok(outcome));
    expect(slides.map(({ name }) => name)).toEqual(["rates-latency"]);
    expect(slides[0]!.figure.text).toContain("recvmmsg (2 points)");
    expect(slides[0]!.figure.text).not.toContain("DPDK");
    expect(html).toContain("socket buffer full: 1000");
    expect(html).toContain("XDP_DROP: not here: no XDP");
  });

  test("says of a latency that does not end in our program what it ends with", () => {
    const until = "it comes back: a round trip";
    const back = {
      ...outcome.paths[0]!,
      name: "dpdk-forward",
      ends: "elsewhere",
      timedUntil: until,
    } as const;
    const { html } = ratesPage(ok({ ...outcome, paths: [...outcome.paths, back] }));
    expect(html.match(/latency until/g)).toHaveLength(1);
    expect(html).toContain("recvmmsg: latency until it comes back: a round trip");
  });

  test("has no figure of one rate, and gives the reason where the machine was not fit for any", () => {
    const paths = outcome.paths.map((path) => ({ ...path, rates: path.rates.slice(0, 1) }));
    expect(ratesPage(ok({ ...outcome, paths })).slides).toEqual([]);
    const refused = {
      ...ok(outcome),
      status: "refused",
      reason: "CPU 0 was busy",
      next: "try again",
    } as const;
    expect(ratesPage(refused as unknown as Result<Outcome>).html).toContain(
      "No figure: CPU 0 was busy -&gt; try again",
    );
  });
});
