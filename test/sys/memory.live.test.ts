import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressOf, mapAnonymous, mapShared, unmap, viewMemory } from "ringside/sys";
import { describe, expect, test } from "vitest";

/** Whether an address lies in one of this process's mappings now. */
function isMapped(address: number): boolean {
  const ranges = readFileSync("/proc/self/maps", "utf8").matchAll(/^([0-9a-f]+)-([0-9a-f]+) /gm);
  return [...ranges].some(
    ([, from, to]) => address >= Number.parseInt(from!, 16) && address < Number.parseInt(to!, 16),
  );
}

describe("mapped memory", () => {
  test("is zeroed, seen by the kernel at its address, and gone after unmap", () => {
    const memory = mapAnonymous(8192);
    expect(new Uint8Array(memory.buffer).every((byte) => byte === 0)).toBe(true);
    expect(memory.buffer.byteLength).toBe(8192);
    expect(memory.address % 4096).toBe(0);
    expect(isMapped(memory.address)).toBe(true);
    unmap(memory);
    expect(isMapped(memory.address)).toBe(false);
  });

  test("shows what another view of the same address writes", () => {
    const memory = mapAnonymous(4096);
    new Uint32Array(viewMemory(memory.address + 16, 4))[0] = 0xcafe;
    expect(new DataView(memory.buffer).getUint32(16, true)).toBe(0xcafe);
    expect(addressOf(new Uint8Array(memory.buffer))).toBe(memory.address);
    unmap(memory);
  });

  test("shared with a file reaches the file, at its offset", () => {
    const folder = mkdtempSync(join(tmpdir(), "ringside-memory-"));
    const path = join(folder, "shared");
    writeFileSync(path, Buffer.alloc(8192));
    const fd = openSync(path, "r+");
    try {
      const memory = mapShared(fd, 4096, 4096);
      new Uint8Array(memory.buffer)[5] = 77;
      unmap(memory);
      expect(readFileSync(path)[4096 + 5]).toBe(77);
    } finally {
      closeSync(fd);
      rmSync(folder, { recursive: true });
    }
  });

  test("of no length is the caller's mistake; of a closed descriptor the kernel's refusal", () => {
    expect(() => mapAnonymous(0)).toThrow(RangeError);
    expect(() => mapAnonymous(Number.NaN)).toThrow("Cannot map NaN bytes");
    expect(() => mapShared(9999, 4096)).toThrow(
      expect.objectContaining({
        call: "mmap",
        code: "EBADF",
        message: expect.stringContaining("descriptor 9999"),
      }),
    );
  });
});
