import fc from "fast-check";
import { ByteCursor, readUint, writeUint } from "ringside/base";
import { describe, expect, test } from "vitest";

describe("readUint and writeUint", () => {
  test("give back any number of 1, 2, 4 or 6 bytes and touch no other byte", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 4, 6),
        fc.nat(3),
        fc.bigInt({ min: 0n, max: 2n ** 48n - 1n }),
        (length, at, big) => {
          const value = Number(big % 2n ** BigInt(length * 8));
          const bytes = new Uint8Array(10).fill(0xee);
          writeUint(bytes, at, length, value);
          expect(readUint(bytes, at, length)).toBe(value);
          expect(bytes.filter((_, i) => i < at || i >= at + length).every((byte) => byte === 0xee)).toBe(
            true,
          );
        },
      ),
    );
  });

  test("put the highest byte first", () => {
    const bytes = new Uint8Array(6);
    writeUint(bytes, 0, 6, 0x010203040506);
    expect([...bytes]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("ByteCursor", () => {
  test("reads in the order it was given, inside a window on other bytes", () => {
    const window = Uint8Array.of(9, 9, 1, 2, 3, 4, 9).subarray(2, 6);
    expect(new ByteCursor(window, "big").u32()).toBe(0x01020304);
    expect(new ByteCursor(window, "little").u32()).toBe(0x04030201);
    expect(new ByteCursor(window, "little", 1).u16()).toBe(0x0302);
  });

  test("reads back what it wrote", () => {
    for (const order of ["big", "little"] as const) {
      const writer = new ByteCursor(new Uint8Array(9), order);
      writer.putU16(0xabcd);
      writer.putU32(0xfedcba98);
      writer.put(Uint8Array.of(1, 2, 3));
      const reader = new ByteCursor(writer.bytes, order);
      expect([reader.u16(), reader.u32(), reader.u8(), [...reader.take(2)]]).toEqual([
        0xabcd,
        0xfedcba98,
        1,
        [2, 3],
      ]);
      expect(reader.remaining).toBe(0);
    }
  });

  test("reads eight bytes with their sign", () => {
    expect(new ByteCursor(new Uint8Array(8).fill(0xff)).i64()).toBe(-1n);
  });

  test("takes windows, not copies", () => {
    const bytes = new Uint8Array(4);
    new ByteCursor(bytes).take(4)[3] = 7;
    expect(bytes[3]).toBe(7);
  });

  test("stops at its end and stays where it was", () => {
    const cursor = new ByteCursor(new Uint8Array(8), "big", 2, 5);
    expect(() => cursor.u32()).toThrow("Cannot pass over 4 bytes at byte 2: 3 are left before byte 5");
    expect(() => cursor.skip(-1)).toThrow(RangeError);
    expect(() => cursor.take(Number.NaN)).toThrow(RangeError);
    expect(cursor.position).toBe(2);
  });

  test("refuses to be placed outside its bytes", () => {
    expect(() => new ByteCursor(new Uint8Array(4), "big", 5)).toThrow("there are 4 bytes");
    expect(() => new ByteCursor(new Uint8Array(4), "big", 0, 5)).toThrow(RangeError);
  });
});
