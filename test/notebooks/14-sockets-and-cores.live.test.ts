import { measure, outcomeOf, predict } from "ringside/measure";
import { allowedCpus } from "ringside/sys";
import { expect, test } from "vitest";

const gate = { minIdle: 0, maxSteal: 1 };
const hasTwoCpus = allowedCpus().length >= 2;

test.runIf(hasTwoCpus)(
  "who knows the CPU accepts every connection on the core of its packets",
  {
    timeout: 60_000,
  },
  async () => {
    const { rows } = outcomeOf(await measure.acceptCores({ connections: 150, guess: predict(50, "%") }));
    const row = (way: string) => rows.find((each) => each.way === way)!;
    for (const { completed } of rows) expect(completed).toBe(300);
    for (const way of ["classic program, by CPU", "eBPF program, by CPU", "SO_INCOMING_CPU"]) {
      expect(row(way).onCore, way).toBe(1);
      expect(row(way).accepted, way).toEqual([150, 150]);
      expect(row(way).wakeupsAcross, way).toBe(0);
      expect(row(way).wakeupsHere, way).toBeGreaterThan(0);
    }
    for (const way of ["one shared listener", "SO_REUSEPORT, by hash"]) {
      expect(row(way).onCore, way).toBeGreaterThan(0.1);
      expect(row(way).onCore, way).toBeLessThan(0.9);
      expect(row(way).wakeupsAcross, way).toBeGreaterThan(0);
    }
    expect(row("eBPF program, RPS to one core").accepted).toEqual([0, 300]);
  },
);

test.runIf(hasTwoCpus)(
  "the model foretells two cores from one, and where flows are on one core",
  {
    timeout: 60_000,
  },
  async () => {
    const params = { rounds: 10, connections: 600, guess: predict(2, "×"), gate };
    const { checks, costs } = outcomeOf(await measure.acceptModel(params));
    const against = (name: string): number => {
      const { measured, foretold } = checks.find((each) => each.name === name)!;
      return measured / foretold;
    };
    expect(costs.flowNs + costs.serverNs).toBeGreaterThan(0);
    // A line's journey is one of many steps of a connection.
    expect(costs.handoverNs).toBeGreaterThan(0);
    expect(costs.handoverNs).toBeLessThan(costs.flowNs + costs.serverNs);
    expect(against("one core")).toBeCloseTo(1, 1);
    for (const name of ["two cores, by core", "two cores, by hash", "flows on one core, by core"]) {
      expect(against(name), name).toBeGreaterThan(0.6);
      expect(against(name), name).toBeLessThan(1.6);
    }
  },
);
