import {
  barFigure,
  budgetFigure,
  bytesFigure,
  callsFigure,
  cdfFigure,
  flowFigure,
  framesFigure,
  histogramFigure,
  lineFigure,
  pairsFigure,
  predictionFigure,
  ringFigure,
  sequenceFigure,
  stepFigure,
  stepFigures,
  tcpStatesFigure,
  verdictStripFigure,
} from "ringside/plot";
import { allocateRing, snapshotRing } from "ringside/ring";
import { pairedComparison } from "ringside/stats";
import { describe, expect, test } from "vitest";
import { exit, load, mov } from "../bpf/assemble.js";
import { bytecode } from "../bpf/bytecode.js";
import { LIVE, ledgerOf, runs } from "./samples.js";
import { readXml } from "./xml.js";

const common = { title: "t", provenance: LIVE };
const axis = { label: "time", unit: "ns" };
const words = (svg: string) =>
  readXml(svg).flatMap((element) => (element.name === "text" ? [element.text] : []));

describe("barFigure", () => {
  test("draws lengths in proportion on a linear axis", () => {
    const { svg } = barFigure({
      ...common,
      axis,
      bars: [
        { name: "a", value: 10 },
        { name: "b", value: 40 },
      ],
    });
    const bars = readXml(svg).filter((e) => e.name === "rect" && e.attributes.get("height") === "24");
    const [a, b] = bars.map((bar) => Number(bar.attributes.get("width")));
    expect(b / a).toBeCloseTo(4, 1);
  });

  test("says how a guess missed", () => {
    const { svg, text } = barFigure({ ...common, axis, bars: [{ name: "a", value: 134, guess: 42 }] });
    expect(words(svg)).toContain("your guess 42 ns: 3.2× too low");
    expect(text).toContain("3.2× too low");
  });
});

describe("lineFigure", () => {
  test("keeps the one spike among 100 000 points", () => {
    const points = Array.from({ length: 100_000 }, (_, x) => ({ x, y: x === 70_001 ? 1000 : x % 3 }));
    const { svg } = lineFigure({ ...common, x: axis, y: axis, series: [{ name: "s", points }] });
    const line =
      readXml(svg)
        .find((e) => e.name === "path")
        ?.attributes.get("d") ?? "";
    const heights = [...line.matchAll(/,([\d.]+)/g)].map((match) => Number(match[1]));
    expect(Math.min(...heights)).toBeCloseTo(34, 0);
  });
});

describe("histogramFigure", () => {
  test("counts zeros that a logarithmic axis cannot show, and still has them in the percentiles", () => {
    const { svg, text } = histogramFigure({
      ...common,
      axis: { ...axis, scale: "log" },
      samples: [0, 0, 0, 8],
    });
    expect(words(svg).join(" ")).toContain("3 samples at or below 0 are not drawn");
    expect(text).toContain("4 samples; p50: 0 ns, p99: 8 ns");
  });
});

describe("cdfFigure", () => {
  test("prints the percentiles of each series", () => {
    const samples = Array.from({ length: 1000 }, (_, i) => i + 1);
    const { text } = cdfFigure({ ...common, axis, series: [{ name: "s", samples }] });
    expect(text).toContain("s (1\u202f000 samples): p50 500 ns, p99 990 ns, p99.9 999 ns");
  });
});

describe("pairsFigure", () => {
  test("shows every pair, the verdict and the relation tested", () => {
    const comparison = pairedComparison(runs(150, 0.1, 1), runs(100, 0.1, 2), 0.03);
    const { svg, text } = pairsFigure({ ...common, label: "ratio", rows: [{ name: "a / b", comparison }] });
    expect(words(svg)).toContain("✓ supports ratio > 1");
    const dots = readXml(svg).find((e) => e.attributes.get("stroke-linecap") === "round");
    expect(dots?.attributes.get("d")?.match(/h0/g)).toHaveLength(20);
    expect(text).toContain("noise floor 3 % (grey)");
    expect(text).toContain(comparison.reason);
  });
});

describe("predictionFigure", () => {
  const judge = (guess: number | { low: number; high: number }, measured: number) =>
    predictionFigure({ ...common, axis, predictions: [{ name: "a", guess, measured }] }).text.split("\n")[1];

  test("gives the miss a size and a direction", () => {
    expect(judge(42, 134)).toMatch(/3.2× too low$/);
    expect(judge(268, 134)).toMatch(/2× too high$/);
    expect(judge(130, 134)).toMatch(/close, within 10 %$/);
    expect(judge(134, 134)).toMatch(/exactly right$/);
  });

  test("takes ranges, and zero", () => {
    expect(judge({ low: 100, high: 200 }, 134)).toMatch(/inside your range$/);
    expect(judge({ low: 1000, high: 2000 }, 100)).toMatch(/your range is 10× too high$/);
    expect(judge({ low: 42, high: 42 }, 134)).toMatch(/you guessed 42 ns, .*: 3.2× too low$/);
    expect(judge(0, 5)).toMatch(/too low$/);
    expect(judge(65_536, 0)).toMatch(/too high$/);
  });

  test("does not say that the reader guessed what a control must show", () => {
    const row = { name: "control", guess: 8000, measured: 7000, control: true };
    const { svg, text } = predictionFigure({ ...common, axis, predictions: [row] });
    expect(text).toContain("control: must be 8 µs, measured 7 µs");
    expect(words(svg).join(" ")).toContain("must be 8 µs");
    expect(svg + text).not.toContain("you guessed");
  });
});

describe("ringFigure", () => {
  test("counts slots by state and survives the wrap of a cursor", () => {
    const memory = allocateRing(8, "addr", 2 ** 32 - 3);
    memory.producer[0] = 2;
    const { svg, text } = ringFigure({ ...common, name: "rx ring", ring: snapshotRing(memory, 1) });
    expect(text).toContain("8 slots, 5 filled (#), 1 reserved (+), 2 free (.)");
    expect(text).toContain("##+..###");
    expect(text).toContain("producer cursor 2 & 7 = slot 2, round 0");
    expect(words(svg).join(" ")).toContain("wrapped");
  });
});

describe("framesFigure", () => {
  test("prints the sum of the owners", () => {
    const { svg } = framesFigure({ ...common, ledger: ledgerOf(["fill", "rx", "rx", "application"]) });
    expect(words(svg)).toContain(
      "✓ fill 1 + kernel 0 + rx 2 + application 1 + tx 0 + completion 0 = 4 of 4 frames",
    );
  });

  test("shows one leaked frame among 4096", () => {
    const frames = Array.from({ length: 4096 }, (_, i) =>
      i === 999 ? ("leaked" as const) : ("fill" as const),
    );
    const paths = readXml(framesFigure({ ...common, ledger: ledgerOf(frames) }).svg).filter(
      (e) => e.name === "path",
    );
    const squares = paths.map((path) => path.attributes.get("d")?.match(/M/g)?.length);
    expect(squares).toEqual([511, 1]);
  });
});

describe("bytesFigure", () => {
  test("carries a field over the end of a row", () => {
    const fields = [{ name: "ipv4.source", offset: 14, length: 4, value: "10.0.0.1", layer: "ipv4" }];
    const { svg, text } = bytesFigure({
      ...common,
      bytes: Uint8Array.from({ length: 20 }, (_, i) => i),
      fields,
    });
    expect(words(svg)).toEqual(expect.arrayContaining(["source", "… source", "0x0010", "13"]));
    expect(text).toContain("14  ipv4 ipv4.source = 10.0.0.1  (0e 0f 10 11)");
  });
});

describe("budgetFigure", () => {
  test("counts how often a cost fits: 38 cache misses of 32 ns in 1230.4 ns, one in 61.5", () => {
    const { text } = budgetFigure({
      ...common,
      budgets: [
        { name: "10 GbE", ns: 1230.4 },
        { name: "200 GbE", ns: 61.52 },
      ],
      costs: [
        { name: "cache miss", ns: 32 },
        { name: "system call", ns: 134 },
      ],
    });
    expect(text).toContain(
      "10 GbE: 1230.4 ns a packet; ✓ 38 × cache miss; ✓ 9 × system call; ✓ one of each takes 13 %",
    );
    expect(text).toContain(
      "200 GbE: 61.5 ns a packet; ✓ 1 × cache miss; ✗ no system call fits; ✗ one of each takes 2.7×",
    );
  });

  test("lets a cost of exactly the budget fit", () => {
    const { text } = budgetFigure({
      ...common,
      budgets: [{ name: "b", ns: 0.3 }],
      costs: [{ name: "c", ns: 0.1 }],
    });
    expect(text).toContain("✓ 3 × c");
  });
});

describe("flowFigure", () => {
  test("prints what went in and was never seen again", () => {
    const { svg, text } = flowFigure({
      ...common,
      stages: [
        { name: "injector", out: 65_536 },
        { name: "program", out: 500, drops: [{ count: 65_000, reason: "XDP_DROP" }] },
        { name: "socket", out: 500 },
      ],
    });
    expect(words(svg)).toEqual(expect.arrayContaining(["65\u202f536", "65\u202f000 dropped", "36 not seen"]));
    expect(text).toContain("program: 500 out, 65000 dropped (XDP_DROP), 36 not seen");
  });

  test("says of packets that were not dropped where they went", () => {
    const elsewhere = { count: 200, fate: "to the stack", reason: "queue 1 has no socket" };
    const { svg, text } = flowFigure({
      ...common,
      stages: [
        { name: "injector", out: 200 },
        { name: "program", out: 0, drops: [elsewhere] },
      ],
    });
    expect(words(svg)).toContain("200 to the stack");
    expect(text).toContain("program: 0 arrived, 200 to the stack (queue 1 has no socket)");
    expect(svg + text).not.toContain("dropped");
  });

  test("never cuts a number short: one too long is rounded", () => {
    const stages = [9_876_543, 9_876_543, 9_876_543, 9_876_543, 1].map((out, i) => ({ name: `s${i}`, out }));
    expect(words(flowFigure({ ...common, stages }).svg).filter((word) => /^9.*…$/.test(word))).toEqual([]);
  });
});

describe("stepFigure", () => {
  const program = bytecode([load(4, 7, 1, 0), mov(0, 2), load(1, 3, 7, 12), exit()]);
  const spec = { ...common, bytecode: program, packet: new Uint8Array(60).fill(9) };

  test("says what the step did, and which bytes were touched so far", () => {
    const { svg, text } = stepFigure(spec, 3);
    expect(text).toContain("Step 3 of 4: r3 = *(u8 *)(r7 +12), touches byte 12 of the packet.");
    expect(text).toContain("r3 = 9, r7 = packet");
    expect(words(svg)).toContain("nothing known");
    expect(stepFigure(spec, 2).text).toContain("touched so far: none");
  });

  test("draws one picture before the first step and one behind each; beyond the end is the end", () => {
    const pictures = stepFigures(spec);
    expect(pictures).toHaveLength(5);
    expect(pictures[0]!.text).toContain("Before the first of 4 steps.");
    expect(stepFigure(spec, 99)).toMatchObject({ text: pictures[4]!.text });
    expect(pictures[4]!.text).toContain("exit: the answer is 2");
  });

  test("refuses a step that is no count, and a program too long to be read", () => {
    expect(() => stepFigure(spec, -1)).toThrow("is not a count");
    const long = bytecode([...Array.from({ length: 200 }, () => mov(0, 1)), exit()]);
    expect(() => stepFigure({ ...spec, bytecode: long }, 0)).toThrow("Cannot draw 201 instructions");
  });
});

describe("callsFigure", () => {
  const call = { side: "left", name: "recvmsg", result: "32", plane: "data" } as const;

  test("numbers calls, and says what the kernel did after each", () => {
    const changes = [{ side: "right", text: "CLOSE-WAIT" }] as const;
    const { text, svg } = callsFigure({
      ...common,
      left: "client",
      right: "server",
      calls: [call, { ...call, changes }],
    });
    expect(text).toContain("2. client: recvmsg = 32 (data); then server CLOSE-WAIT");
    expect(words(svg)).toContain("recvmsg = 32");
  });

  test("refuses none, and more than it can show", () => {
    const spec = { ...common, left: "a", right: "b" };
    expect(() => callsFigure({ ...spec, calls: [] })).toThrow("Cannot draw 0 calls");
    expect(() => callsFigure({ ...spec, calls: Array.from({ length: 41 }, () => call) })).toThrow(
      "one exchange",
    );
  });
});

describe("tcpStatesFigure", () => {
  const moves = [{ from: "LAST-ACK", to: "CLOSE", order: 7 }];

  test("draws a way with its numbers, and ends it at the lower CLOSE", () => {
    const { text, svg } = tcpStatesFigure({ ...common, walks: [{ name: "server", moves }] });
    expect(text).toContain("server: 7. LAST-ACK → CLOSE at the end");
    expect(words(svg).filter((word) => word === "CLOSE")).toHaveLength(2);
    expect(words(svg)).toContain("7");
  });

  test("refuses a state that TCP has not", () => {
    const walks = [{ name: "x", moves: [{ from: "OPEN", to: "CLOSE", order: 1 }] }];
    expect(() => tcpStatesFigure({ ...common, walks })).toThrow("Cannot draw a move to or from OPEN");
  });
});

describe("sequenceFigure", () => {
  const segment = { atMs: 1, sequence: 0, bytes: 1460, again: false };

  test("says how much went, and what went again", () => {
    const segments = [segment, { ...segment, atMs: 2, again: true }];
    const acks = [{ atMs: 3, acknowledgment: 1460 }];
    const { text, svg } = sequenceFigure({ ...common, segments, acks });
    expect(text).toContain("2 segments with text, 1 of them sent again; 1 acknowledgments");
    expect(text).toContain("byte 0 at 2.0 ms");
    expect(words(svg)).toEqual(expect.arrayContaining(["sent: 1", "sent again: 1", "acks: 1"]));
  });

  test("refuses to draw nothing", () => {
    expect(() => sequenceFigure({ ...common, segments: [], acks: [] })).toThrow("segments");
  });
});

describe("verdictStripFigure", () => {
  test("counts each verdict, and those that were not run", () => {
    const packets = ["PASS", "PASS", "DROP", null].map((verdict) => ({ kind: "IPv4", verdict }));
    const { text, svg } = verdictStripFigure({ ...common, packets });
    expect(text).toContain("PASS 2, DROP 1, not run 1");
    expect(words(svg).filter((word) => word === "IPv4")).toHaveLength(4);
    expect(() => verdictStripFigure({ ...common, packets: [] })).toThrow(RangeError);
  });
});
