import { type Context, comparePairs, interleave, type Variant } from "ringside/measure";
import { seededRandom } from "ringside/stats";
import { describe, expect, test } from "vitest";

/** A context without a child process around it. */
function contextOf(seed = 1, signal: AbortSignal = new AbortController().signal): Context {
  return {
    signal,
    cpu: 0,
    cpus: [0],
    random: seededRandom(seed),
    breathe: async () => signal.throwIfAborted(),
    progress: () => undefined,
    onClose: () => undefined,
    note: () => undefined,
  };
}

/** A variant that costs what `nsOf` says of its n-th batch, and writes down that it ran. */
function synthetic(name: string, nsOf: (batch: number) => number, log: string[] = []): Variant {
  let batch = 0;
  return {
    name,
    batch(iterations) {
      log.push(name);
      return iterations * nsOf(batch++);
    },
  };
}

/** Around `ns`, spread by `spread` either way. */
function noisy(ns: number, spread: number, seed: number): () => number {
  const random = seededRandom(seed);
  return () => ns * (1 + spread * (2 * random() - 1));
}

describe("interleave", () => {
  test("gives the median of each variant, for one operation", async () => {
    const round = { ...synthetic("round trip", () => 50), operations: 2 };
    const costs = await interleave({ one: synthetic("one", () => 7), round }, 10, contextOf());
    expect(costs.one).toMatchObject({ name: "one", ns: 7, low: 7, high: 7 });
    expect(costs.round.ns).toBe(25);
    expect(costs.one.samplesNs).toHaveLength(10);
  });

  test("throws away as many rounds as it is asked to, on top of those it measures", async () => {
    let batches = 0;
    const compiled = synthetic("late to be compiled", (batch) => {
      batches++;
      return batch < 2 + 10 ? 9e6 : 5e6; // 2 that find the batch size, then 10 rounds
    });
    const { a } = await interleave({ a: compiled }, 10, contextOf(), 10);
    expect(a.samplesNs).toEqual(Array(10).fill(5e6));
    expect(batches).toBe(2 + 10 + 10);
  });

  test("runs every variant once a round, in an order that changes", async () => {
    const log: string[] = [];
    const slow = (name: string): Variant => synthetic(name, () => 5e6, log);
    await interleave({ a: slow("a"), b: slow("b"), c: slow("c") }, 12, contextOf());
    const rounds = Array.from({ length: 14 }, (_, i) => log.slice(6 + 3 * i, 9 + 3 * i).join(""));
    expect(log).toHaveLength(6 + 14 * 3);
    for (const round of rounds) expect([...round].sort().join("")).toBe("abc");
    expect(new Set(rounds).size).toBeGreaterThan(2);
  });

  test("repeats its order for the same seed", async () => {
    const orderOf = async (seed: number): Promise<string> => {
      const log: string[] = [];
      await interleave(
        { a: synthetic("a", () => 5e6, log), b: synthetic("b", () => 5e6, log) },
        20,
        contextOf(seed),
      );
      return log.join("");
    };
    expect(await orderOf(3)).toBe(await orderOf(3));
    expect(await orderOf(3)).not.toBe(await orderOf(4));
  });

  test("throws the warm-up away", async () => {
    // Batches 0 and 1 are the calibration, 2 and 3 the warm-up rounds.
    const cold = synthetic("cold", (batch) => (batch < 4 ? 5e9 : 5e6));
    expect((await interleave({ cold }, 10, contextOf())).cold.high).toBe(5e6);
  });

  test("sizes a batch as if nothing were cold, for a batch cut small would bear the cost of each batch", async () => {
    const sizes: number[] = [];
    const compiledAtFirst: Variant = {
      name: "compiled at first",
      batch(iterations) {
        sizes.push(iterations);
        return iterations * 30_000 + (sizes.length === 1 ? 1e6 : 0);
      },
    };
    await interleave({ compiledAtFirst }, 10, contextOf());
    expect(sizes.at(-1)).toBe(67); // 2 ms of 30 µs
  });

  test("stops between two batches", async () => {
    const stop = new AbortController();
    const variant = synthetic("stopping", (batch) => {
      if (batch === 5) stop.abort();
      return 5e6;
    });
    await expect(interleave({ variant }, 1000, contextOf(1, stop.signal))).rejects.toThrow("abort");
  });

  test("refuses a number of rounds that means nothing", async () => {
    await expect(interleave({}, 0, contextOf())).rejects.toThrow("try 30");
  });
});

describe("comparePairs", () => {
  const claim = { relation: ">", bound: 1 } as const;

  test("supports a difference far above the noise", async () => {
    const a = synthetic("a", noisy(200, 0.05, 1));
    const b = synthetic("b", noisy(100, 0.05, 2));
    const { result } = await comparePairs(a, b, 20, claim, contextOf());
    expect(result).toMatchObject({ verdict: "supports", n: 20 });
    expect(result.medianRatio).toBeCloseTo(2, 0);
  });

  test("contradicts it the other way round", async () => {
    const a = synthetic("a", noisy(100, 0.05, 1));
    const b = synthetic("b", noisy(200, 0.05, 2));
    expect((await comparePairs(a, b, 20, claim, contextOf())).result.verdict).toBe("contradicts");
  });

  test("is inconclusive about a difference within the noise", async () => {
    const a = synthetic("a", noisy(101, 0.2, 1));
    const b = synthetic("b", noisy(100, 0.2, 2));
    expect((await comparePairs(a, b, 20, claim, contextOf())).result.verdict).toBe("inconclusive");
  });

  test("is not fooled by a machine that slows down while it measures", async () => {
    let now = 0;
    const drifting = (): number => 100 * (1 + 0.02 * now++);
    const [a, b] = [synthetic("a", drifting), synthetic("b", drifting)];
    const { result } = await comparePairs(a, b, 20, claim, contextOf());
    expect(result.verdict).toBe("inconclusive");
    expect(Math.abs(result.medianRatio - 1)).toBeLessThan(0.05);
  });

  test("is inconclusive with fewer than ten pairs", async () => {
    const a = synthetic("a", () => 900);
    const b = synthetic("b", () => 100);
    const { result } = await comparePairs(a, b, 9, claim, contextOf());
    expect(result.verdict).toBe("inconclusive");
  });
});
