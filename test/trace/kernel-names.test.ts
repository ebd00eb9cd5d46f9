import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { skbCaches, syscallName } from "ringside/trace";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { symbolTable } from "../../lab/src/trace/call-sites.js";

describe("names of system calls", () => {
  test("differ between x64 and arm64", () => {
    expect(syscallName(45, "x64")).toBe("recvfrom");
    expect(syscallName(207, "arm64")).toBe("recvfrom");
  });

  test("are a number where the table has none, or the machine is another", () => {
    expect(syscallName(9999, "x64")).toBe("syscall 9999");
    expect(syscallName(0, "riscv64")).toBe("syscall 0");
  });

  test.skipIf(!existsSync("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"))(
    "are those of this system's own header",
    () => {
      const header = readFileSync("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "utf8");
      const wrong = [...header.matchAll(/__NR_(\w+) (\d+)/g)]
        .map(([, name, number]) => ({ name, ours: syscallName(Number(number), "x64") }))
        .filter(({ name, ours }) => ours !== name && !ours.startsWith("syscall "));
      expect(wrong).toEqual([]);
    },
  );

  test.skipIf(!existsSync("/usr/include/asm-generic/unistd.h"))(
    "are those of the header that arm64 shares with newer machines",
    () => {
      const header = readFileSync("/usr/include/asm-generic/unistd.h", "utf8");
      const wrong = [...header.matchAll(/^#define __NR(?:3264)?_(\w+) (\d+)$/gm)]
        .map(([, name, number]) => ({ name, ours: syscallName(Number(number), "arm64") }))
        // The generic header calls newfstatat by its older name.
        .filter(({ name, ours }) => ours !== name && !ours.startsWith("syscall ") && name !== "fstatat");
      expect(wrong).toEqual([]);
    },
  );
});

describe("names of kernel functions", () => {
  const table = "ffffffff81000010 T second\nffffffff81000000 t first\nffffffff81000005 d data\n";

  test("are those of the function around an address, whatever the order of the table", () => {
    const symbolOf = symbolTable(table);
    expect(symbolOf(0xffffffff81000004n)).toBe("first");
    expect(symbolOf(0xffffffff81000010n)).toBe("second");
    expect(symbolOf(0xffffffff81000000n)).toBe("first");
  });

  test("are the address where nothing is before it, or the kernel hides addresses", () => {
    expect(symbolTable(table)(0x1n)).toBe("0x1");
    expect(symbolTable("0000000000000000 T hidden\n")(0xabcn)).toBe("0xabc");
  });
});

describe("the slab caches of skbs", () => {
  let slab = "";

  beforeEach(() => {
    slab = mkdtempSync(join(tmpdir(), "ringside-slab-"));
  });
  afterEach(() => rmSync(slab, { recursive: true }));

  function cache(name: string, objectSize: number): void {
    mkdirSync(join(slab, name));
    writeFileSync(join(slab, name, "object_size"), `${objectSize}\n`);
  }

  test("name every cache they are merged with", () => {
    cache(":0000512", 512);
    cache("skbuff_head_cache", 224);
    for (const name of ["skbuff_fclone_cache", "sgpool-16"]) symlinkSync(":0000512", join(slab, name));
    expect(skbCaches(slab)).toMatchObject([
      { name: "skbuff_head_cache", objectBytes: 224, sharedWith: ["skbuff_head_cache"] },
      { name: "skbuff_fclone_cache", objectBytes: 512, sharedWith: ["sgpool-16", "skbuff_fclone_cache"] },
    ]);
  });

  test("are none where the kernel shows no slab folder", () => {
    expect(skbCaches(join(slab, "absent"))).toEqual([]);
  });
});
