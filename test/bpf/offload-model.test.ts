import { breakEvenPps, type OffloadAssumptions, offloadBalance, savedNs } from "ringside/bpf";
import { describe, expect, test } from "vitest";

const assumptions: OffloadAssumptions = {
  driverNs: 80,
  programNs: 20,
  endShare: 0.5,
  cardPps: 30e6,
  coreWatts: 10,
  cardExtraWatts: 5,
};

describe("the model of an offload", () => {
  test("saves the program for every packet, and the driver for those that end on the card", () => {
    expect(savedNs(assumptions)).toBe(60);
    expect(savedNs({ ...assumptions, endShare: 0 })).toBe(20);
    expect(savedNs({ ...assumptions, endShare: 1 })).toBe(100);
  });

  test("counts cores and watts with and without the card", () => {
    const { coresWithout, coresWith, wattsWithout, wattsWith } = offloadBalance(assumptions, 10e6);
    expect(coresWithout).toBeCloseTo(1, 9);
    expect(coresWith).toBeCloseTo(0.4, 9);
    expect(wattsWithout).toBeCloseTo(10, 9);
    expect(wattsWith).toBeCloseTo(9, 9);
  });

  test("breaks even where both take the same power", () => {
    const rate = breakEvenPps(assumptions);
    const { wattsWithout, wattsWith } = offloadBalance(assumptions, rate);
    expect(wattsWith).toBeCloseTo(wattsWithout, 9);
  });

  test("leaves to the cores what the card cannot manage", () => {
    const { coresWithout, coresWith } = offloadBalance(assumptions, 40e6);
    expect(coresWithout - coresWith).toBeCloseTo(30e6 * 60e-9, 9);
  });

  test("never breaks even where nothing is saved, or where the card is at its limit first", () => {
    expect(breakEvenPps({ ...assumptions, programNs: 0, endShare: 0 })).toBe(Number.POSITIVE_INFINITY);
    expect(breakEvenPps({ ...assumptions, cardPps: 1e6 })).toBe(Number.POSITIVE_INFINITY);
  });
});
