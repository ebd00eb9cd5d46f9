// A slow machine's owner says so once, and all that waits for it waits longer.
import { PATIENCE_VARIABLE, patient } from "ringside/sys";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => vi.unstubAllEnvs());

test.each([
  [undefined, 1000],
  ["10", 10_000],
  ["0.1", 1000],
  ["soon", 1000],
])("with %s times the patience 1000 ms are %i", (times, ms) => {
  vi.stubEnv(PATIENCE_VARIABLE, times);
  expect(patient(1000)).toBe(ms);
});
