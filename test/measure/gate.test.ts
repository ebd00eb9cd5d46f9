import { busyReason, cpuLoads, GATE_LIMITS, parseCpuTicks } from "ringside/measure";
import { describe, expect, test } from "vitest";

const BEFORE = `cpu  300 0 0 600 0 0 0 0 0 0
cpu0 100 5 20 300 10 3 2 1 50 0
cpu1 200 0 0 300 0 0 0 0 0 0
intr 12345
`;
const AFTER = `cpu  300 0 0 600 0 0 0 0 0 0
cpu0 102 5 21 392 13 3 2 3 90 0
cpu1 250 0 0 350 0 0 0 0 0 0
intr 12345
`;

describe("CPU ticks", () => {
  test("count waiting for a disk as idle, and guests once", () => {
    expect(parseCpuTicks(BEFORE)[0]).toEqual({ cpu: 0, idle: 310, steal: 1, total: 441 });
    expect(parseCpuTicks(BEFORE)).toHaveLength(2);
  });

  test("give shares between two readings", () => {
    const loads = cpuLoads(parseCpuTicks(BEFORE), parseCpuTicks(AFTER));
    expect(loads).toEqual([
      { cpu: 0, idle: 0.95, steal: 0.02 },
      { cpu: 1, idle: 0.5, steal: 0 },
    ]);
  });

  test("leave out a CPU that was not there before, or did not tick", () => {
    expect(cpuLoads([], parseCpuTicks(AFTER))).toEqual([]);
    expect(cpuLoads(parseCpuTicks(BEFORE), parseCpuTicks(BEFORE))).toEqual([]);
  });
});

describe("busyReason", () => {
  test("finds nothing to say of a quiet machine", () => {
    expect(busyReason([{ cpu: 0, idle: 0.9, steal: 0 }], GATE_LIMITS)).toBeNull();
  });

  test("names the CPU that is busy, and what is needed", () => {
    const loads = [
      { cpu: 0, idle: 1, steal: 0 },
      { cpu: 1, idle: 0.62, steal: 0 },
    ];
    expect(busyReason(loads, GATE_LIMITS)).toBe("CPU 1 was 62 % idle in the last second; 90 % is needed");
  });

  test("rounds down, so that no figure seems to be what is needed", () => {
    expect(busyReason([{ cpu: 0, idle: 0.896, steal: 0 }], GATE_LIMITS)).toContain("was 89 % idle");
  });

  test("lets one stolen tick of a second pass, and not two", () => {
    expect(busyReason([{ cpu: 0, idle: 0.99, steal: 1 / 98 }], GATE_LIMITS)).toBeNull();
    expect(busyReason([{ cpu: 0, idle: 0.98, steal: 2 / 99 }], GATE_LIMITS)).toContain("hypervisor took 2 %");
  });
});
