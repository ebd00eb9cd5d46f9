import { formatCount } from "ringside/base";
import { comparisonPage, sweepPage } from "ringside/cli";
import {
  type BakeOffOutcome,
  type benchmarks,
  type PathOutcome,
  type PathSweepOutcome,
  type Result,
  recordEnvironment,
} from "ringside/measure";
import { type Path, paths } from "ringside/paths";
import { describe, expect, test } from "vitest";

const base = {
  ...{
    id: "r-test",
    experiment: "bake-off",
    question: "What does a packet cost?",
    environment: recordEnvironment(),
  },
  ...{ params: {}, seed: 1, unseen: ["a NIC & its <rings>"] },
};

function ok<Outcome>(outcome: Outcome): Result<Outcome> {
  return { ...base, status: "ok", outcome } as unknown as Result<Outcome>;
}

const refused: Result<never> = { ...base, status: "refused", reason: "CPU 0 was busy", next: "try again" };

/** What a path might be found to do: the later in the catalogue the faster, with latencies where somebody of ours receives. */
function outcome(path: Path, index: number): PathOutcome {
  const medianPps = 1e5 * (index + 1);
  const interval = { low: 0.9 * medianPps, high: 1.1 * medianPps };
  const times = { p50Ns: 5e4, p90Ns: 6e4, p99Ns: 7e4, p999Ns: 8e4, maxNs: 9e4 };
  const buckets = [
    { low: 4e4, high: 6e4, count: 90 },
    { low: 6e4, high: 9e4, count: 10 },
  ];
  const latency = [0.2, 0.5].map((share) => ({
    share,
    ratePps: share * 1e5,
    offered: 100,
    received: 100,
    ...times,
    buckets,
  }));
  const limits = { ndr: { ratePps: 8e4, limit: "source" }, pdr: { ratePps: 9e4, limit: "loss" } };
  return {
    ...path,
    max: {
      ...{ medianPps, ...interval, samplesPps: [medianPps], offered: 1000, received: 990, unaccounted: 0 },
      ...{
        losses: [{ hop: "rx ring full", packets: 10, next: "" }],
        consumerCpuNs: 321,
        helperCpuNs: 123,
        cpus: [{ cpu: 1, role: "consumer", busy: 0.25 }],
      },
    },
    nsPerPacket: 1e9 / medianPps,
    oneCpu:
      path.helper === undefined
        ? { medianNs: 300, low: 290, high: 310, samplesNs: [300], consumerNs: null, lost: 0 }
        : null,
    timedUntil: path.ends === "elsewhere" ? path.timedUntil : "the program takes the packet",
    below:
      path.ends === "elsewhere" && path.timedUntil === null
        ? null
        : ({ latency, ...limits } as unknown as PathOutcome["below"]),
    events: null,
  };
}

function compared(some: readonly Path[], more: Partial<BakeOffOutcome> = {}): Result<BakeOffOutcome> {
  const load = { frameBytes: 60, batch: 64, touch: "headers", cpus: { injector: 0, consumer: 1 } } as const;
  return ok({ paths: some.map(outcome), missing: [], ...load, ...more });
}

const languages = ok({ pairs: [] });

describe("the page of paths", () => {
  test("has room for every path that there is, each of its figures also by itself", () => {
    const { html, slides } = comparisonPage({ bakeOff: compared(paths), languages });
    expect(slides.map(({ name }) => name)).toEqual([
      ...[
        "rate-programs",
        "rate-forwarders",
        "rate-kernel",
        "cost-programs",
        "cost-forwarders",
        "cost-kernel",
      ],
      ...["latency", "latency-load"],
    ]);
    expect(slides.filter(({ figure }) => !html.includes(figure.svg))).toEqual([]);
    const rates = slides
      .slice(0, 3)
      .map(({ figure }) => figure.text)
      .join("\n");
    for (const { title, load } of paths) expect(rates.includes(`${title}: `)).toBe(load === "frames");
    const own = paths.findIndex(({ load }) => load === "itself") + 1;
    expect(html).toContain(
      `DPDK testpmd, no wire: ${(own / 10).toFixed(1)} Mpps, not drawn: testpmd's thread`,
    );
    expect(html).toContain("XDP_DROP: latency until the program sees the packet, which ends there");
    expect(html).not.toContain("DPDK testpmd, AF_XDP: latency until");
    expect(html).not.toMatch(/<script|src=|href=/);
  });

  test("draws a few paths in one figure, with what was published for them", () => {
    const few = paths.filter(({ name }) => ["xdp-drop", "udp-recvmmsg"].includes(name));
    const { slides } = comparisonPage({ bakeOff: compared(few), languages });
    expect(slides.map(({ name }) => name)).toEqual(["rate", "cost", "latency", "latency-load"]);
    expect(slides[0]!.figure.text).toContain("published: 24 Mpps, XDP, ConnectX-5, CoNEXT'18");
  });

  test("says what is not here, where packets were lost, and what the wire cannot show", () => {
    const missing = [{ name: "dpdk-af-xdp", title: "DPDK", reason: "no testpmd" }] as const;
    const { html } = comparisonPage({
      bakeOff: compared(paths.slice(0, 1), { missing, frameBytes: "imix" }),
      languages,
    });
    expect(html).toContain("DPDK: not here: no testpmd");
    expect(html).toContain("rx ring full: 10");
    const cells = [...html.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, cell]) => cell).join(" | ");
    expect(cells).toContain(
      `node:dgram | 10000 | 80 kpps | 90 kpps | the injector | - | 25 % | 321+123 | node:dgram | ${formatCount(1000)} | 990`,
    );
    expect(html).toContain("a NIC &amp; its &lt;rings&gt;");
    expect(html).toContain("mix of sizes, up to 64 at once");
  });

  test("has the way out as a table, where it was measured, and the reason where it was refused", () => {
    const found = { ratePps: 4e5, limit: "source" };
    const half = { share: 0.5, p50Ns: 8000, p99Ns: 9000, p999Ns: 10_000 };
    const path = {
      ...{ title: "UDP sendmsg", medianPps: 5e5, cpuNs: 2000, copies: { count: 1 } },
      ...{
        events: {
          ...{ sending: 100, skbs: 200, packets: 100 },
          ...{ napi: { polls: 50, work: 100 }, switches: { voluntary: 1, involuntary: 2 } },
        },
        below: { ndr: found, pdr: found, latency: [half] },
      },
    };
    const sending = ok({ paths: [path], missing: [], frameBytes: "imix", cpu: 0 });
    const few = { bakeOff: compared(paths.slice(0, 1)), languages };
    const { html } = comparisonPage({ ...few, sending: sending as Result<benchmarks.SendPathsOutcome> });
    const cells = [...html.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, cell]) => cell).join(" | ");
    expect(cells).toContain(
      "UDP sendmsg | 0.500 | 400 | 400 | 8.0 | 9.0 | 10.0 | 2000 | 1.000 | 2.000 | 1 | 0.500 | 0.030",
    );
    expect(html).toContain("mix of sizes; CPU 0 sends");
    expect(comparisonPage({ ...few, sending: refused }).html).toMatch(/<h2>The way out<\/h2>\s*<p>No figure/);
    expect(comparisonPage(few).html).not.toContain("The way out");
  });

  test("gives the reason where the machine was not fit for figures", () => {
    const { html, slides } = comparisonPage({ bakeOff: refused, languages: refused });
    expect(slides).toEqual([]);
    expect(html.match(/No figure: CPU 0 was busy -&gt; try again/g)).toHaveLength(2);
  });
});

describe("the page of a sweep", () => {
  const point = (path: string, at: number | string, nsPerPacket: number): object => {
    const max =
      nsPerPacket === Number.POSITIVE_INFINITY
        ? { low: 0, high: 0 }
        : { low: 9e8 / nsPerPacket, high: 1.1e9 / nsPerPacket };
    return { path, at, nsPerPacket, max, gigabitsPerSecond: 1 };
  };
  const pageOf = (axis: string, points: object[]) =>
    sweepPage(ok({ axis, points } as unknown as PathSweepOutcome), (name) => `path ${name}`);

  test("has a line for each path at which something came", () => {
    const points = [point("a", 60, 300), point("a", 1514, 350), point("b", 60, Number.POSITIVE_INFINITY)];
    const { slides } = pageOf("frameBytes", points);
    expect(slides.map(({ name }) => name)).toEqual(["bytes"]);
    expect(slides[0]!.figure.text).toContain("path a (2 points)");
    expect(slides[0]!.figure.text).not.toContain("path b");
  });

  test("has bars where what is read is varied", () => {
    const { slides } = pageOf("touch", [point("a", "nothing", 300), point("a", "bytes", 900)]);
    expect(slides[0]).toMatchObject({ name: "touch-a" });
    expect(slides[0]!.figure.text).toMatch(/reads every byte: 900 ns \[818 ns to 1 µs\]/);
  });

  test("has no figure where nothing came at all", () => {
    expect(pageOf("batch", [point("a", 1, Number.POSITIVE_INFINITY)]).slides).toEqual([]);
  });
});
