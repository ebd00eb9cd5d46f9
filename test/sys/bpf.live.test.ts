import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { machine, tmpdir } from "node:os";
import { join } from "node:path";
import { VerifierError } from "ringside/base";
import {
  type BpfObject,
  kernelEnum,
  kernelStruct,
  loadBpfObject,
  missedRuns,
  TestRun,
  u32Key,
} from "ringside/sys";
import { afterEach, describe, expect, test } from "vitest";

const HEADER = "#include <linux/bpf.h>\n#include <bpf/bpf_helpers.h>\n";
const GPL = '\nchar LICENSE[] SEC("license") = "GPL";\n';
const open: BpfObject[] = [];

/** Compiles C for the BPF machine. From a file: of what it reads from a pipe, clang keeps no lines for the log. */
function compile(source: string): Uint8Array {
  const multiarch = `${machine()}-linux-gnu`;
  const folder = mkdtempSync(join(tmpdir(), "ringside-bpf-"));
  const [from, to] = [join(folder, "sample.bpf.c"), join(folder, "sample.bpf.o")];
  try {
    writeFileSync(from, HEADER + source + GPL);
    execFileSync("clang", [
      "-O2",
      "-g",
      "-target",
      "bpf",
      `-I/usr/include/${multiarch}`,
      "-c",
      from,
      "-o",
      to,
    ]);
    return new Uint8Array(readFileSync(to));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function load(source: string, options?: Parameters<typeof loadBpfObject>[2]): BpfObject {
  const object = loadBpfObject(compile(source), "sample", options);
  open.push(object);
  return object;
}

afterEach(() => {
  for (const object of open.splice(0)) object.close();
});

const FIRST_BYTE = (guard: string): string => `
SEC("xdp") int first_byte(struct xdp_md *ctx) {
	unsigned char *data = (void *)(long)ctx->data;
	${guard}
	return data[12] == 8 ? XDP_PASS : XDP_DROP;
}`;
const GUARDED = FIRST_BYTE("if (data + 13 > (unsigned char *)(long)ctx->data_end) return XDP_ABORTED;");

describe("loading a BPF object", () => {
  test("refuses bytes that are no object, and says how to make one", () => {
    const garbage = new TextEncoder().encode("this is no ELF object");
    expect(() => loadBpfObject(garbage, "garbage")).toThrow(
      expect.objectContaining({
        name: "SysError",
        code: "EINVAL",
        message: expect.stringMatching(
          /^Cannot read BPF object garbage: these 21 bytes .*-> compile with clang/,
        ),
      }),
    );
    expect(() => loadBpfObject(new Uint8Array(0), "empty")).toThrow("these 0 bytes");
  });

  test("says which instruction the verifier refused, why, and gives the whole log", () => {
    let refusal: unknown;
    try {
      load(FIRST_BYTE(""));
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(VerifierError);
    const { program, instruction, reason, log } = refusal as VerifierError;
    expect(program).toBe("first_byte");
    expect(instruction).toBeGreaterThanOrEqual(0);
    expect(reason).toContain("invalid access to packet");
    expect(log).toContain("data[12]");
  });

  test("names the programs and maps there are when asked for another", () => {
    const object = load(GUARDED);
    expect(object.program("first_byte")).toMatchObject({ section: "xdp" });
    expect(object.program("first_byte").instructionCount).toBeGreaterThan(3);
    expect(() => object.program("nope")).toThrow("it has first_byte");
    expect(() => object.map("nope")).toThrow("it has none");
  });

  test("loads only the programs asked for", () => {
    const object = load(`${GUARDED}\nSEC("xdp") int other(struct xdp_md *ctx) { return XDP_TX; }`, {
      programs: ["other"],
    });
    expect(object.programs.map(({ name }) => name)).toEqual(["other"]);
  });

  test("sets constants before the verifier sees them", () => {
    const source = `const volatile __u32 verdict = 1; SEC("xdp") int fixed(struct xdp_md *ctx) { return verdict; }`;
    const object = load(source, { initialValues: { ".rodata": new Uint8Array(Uint32Array.of(3).buffer) } });
    const run = new TestRun(object.program("fixed").fd, new Uint8Array(64));
    expect(run.run().returned).toBe(3);
    run.close();
  });
});

const MAPS = `
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, __u32); __type(value, __u64); } few SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(max_entries, 4); __type(key, __u32); __type(value, __u64[2]); } counters SEC(".maps");
SEC("xdp") int tally(struct xdp_md *ctx) {
	__u32 slot = 2;
	__u64 *count = bpf_map_lookup_elem(&counters, &slot);
	if (count) { count[0]++; count[1] += ctx->data_end - ctx->data; }
	return XDP_PASS;
}`;
const u64 = (value: bigint): Uint8Array => new Uint8Array(BigUint64Array.of(value).buffer);

describe("a map", () => {
  test("keeps what was written, forgets what was deleted, and walks its keys", () => {
    const few = load(MAPS).map("few");
    few.update(u32Key(7), u64(70n));
    few.update(u32Key(8), u64(80n));
    expect(few.lookup(u32Key(7))).toEqual(u64(70n));
    expect(few.lookup(u32Key(9))).toBeNull();
    expect(
      few
        .keys()
        .map((key) => key[0])
        .sort(),
    ).toEqual([7, 8]);
    expect(few.delete(u32Key(7))).toBe(true);
    expect(few.delete(u32Key(7))).toBe(false);
    expect(few.keys()).toHaveLength(1);
  });

  test("that is full says so", () => {
    const few = load(MAPS).map("few");
    few.update(u32Key(1), u64(1n));
    few.update(u32Key(2), u64(2n));
    expect(() => few.update(u32Key(3), u64(3n))).toThrow(expect.objectContaining({ code: "E2BIG" }));
  });

  test("refuses keys and values of another size before the kernel sees them", () => {
    const few = load(MAPS).map("few");
    expect(() => few.update(new Uint8Array(3), u64(0n))).toThrow(
      /key 3 and value 8 bytes; the map holds 4 and 8/,
    );
  });

  test("takes another size at load", () => {
    expect(load(MAPS, { maxEntries: { few: 9 } }).map("few").spec.maxEntries).toBe(9);
  });

  test("sums a slot's counters over all CPUs", () => {
    const object = load(MAPS);
    const run = new TestRun(object.program("tally").fd, new Uint8Array(64));
    run.run(1000);
    run.close();
    expect(object.map("counters").readCounters(2)).toEqual([1000, 64_000]);
    expect(() => object.map("counters").readCounters(4)).toThrow(
      "Cannot read slot 4 of map counters: it has 4",
    );
  });
});

describe("a test run", () => {
  test("gives the verdict, and the bytes as the program left them", () => {
    const source = `SEC("xdp") int mark(struct xdp_md *ctx) {
      unsigned char *data = (void *)(long)ctx->data;
      if (data + 1 > (unsigned char *)(long)ctx->data_end) return XDP_DROP;
      data[0] = 0x42;
      return XDP_TX;
    }`;
    const run = new TestRun(load(source).program("mark").fd, new Uint8Array(60));
    const { returned, bytes, durationNs } = run.run();
    expect(returned).toBe(3);
    expect(bytes).toHaveLength(60);
    expect(bytes[0]).toBe(0x42);
    expect(durationNs).toBeGreaterThanOrEqual(0);
    run.close();
  });

  test("of less than an Ethernet header is refused by the kernel", () => {
    const run = new TestRun(load(GUARDED).program("first_byte").fd, new Uint8Array(13));
    expect(() => run.run()).toThrow(expect.objectContaining({ call: "bpf", code: "EINVAL" }));
    run.close();
  });

  test("misses nothing where nothing recurs", () => {
    expect(missedRuns(load(GUARDED).program("first_byte").fd)).toBe(0);
    expect(() => missedRuns(9999)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^EBADF/) }),
    );
  });
});

describe("the kernel's own types", () => {
  test("name drop reasons", () => {
    expect([...kernelEnum("skb_drop_reason").values()]).toContain("SKB_DROP_REASON_NO_SOCKET");
    expect(kernelEnum("xdp_action").get(1)).toBe("XDP_DROP");
  });

  test("lay out struct sk_buff, with members of unnamed unions in place", () => {
    const { sizeBytes, fields } = kernelStruct("sk_buff");
    const names = fields.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["next", "dev", "len", "head", "data", "truesize", "users"]),
    );
    expect(Math.max(...fields.map(({ offsetBits }) => offsetBits))).toBeLessThan(sizeBytes * 8);
    expect(fields[0]?.offsetBits).toBe(0);
  });

  test("that this kernel lacks are named in the refusal", () => {
    expect(() => kernelStruct("no_such_struct")).toThrow("Cannot use struct no_such_struct");
    expect(() => kernelEnum("no_such_enum")).toThrow("Cannot use enum no_such_enum");
  });
});
