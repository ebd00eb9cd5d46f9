import { classicByCpu, maskText } from "ringside/connections";
import { expect, test } from "vitest";

test("the classic program loads the CPU, compares it with each server's, and answers its place", () => {
  expect(classicByCpu([4, 9])).toEqual([
    [0x20, 0, 0, 0xfffff024],
    [0x15, 0, 1, 4],
    [0x06, 0, 0, 0],
    [0x15, 0, 1, 9],
    [0x06, 0, 0, 1],
    [0x06, 0, 0, 2],
  ]);
});

test("a mask of CPUs is written in groups of 32 bits, as the kernel reads it", () => {
  expect(maskText(0n)).toBe("0");
  expect(maskText(3n)).toBe("3");
  expect(maskText(1n << 32n)).toBe("1,00000000");
  expect(maskText((1n << 40n) | 5n)).toBe("100,00000005");
});
