import { readdirSync, readlinkSync } from "node:fs";
import { Testbed, twoHosts } from "ringside/net";
import { u32Key } from "ringside/sys";
import { attachXdp, bpf, type CompileError, compileXdp, cText, tryXdp, xdp } from "ringside/xdp";
import { afterEach, describe, expect, test } from "vitest";

const HEADERS = `#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
`;
const LICENSE = 'char LICENSE[] SEC("license") = "GPL";';

/** The line of this file that is calling. */
const lineHere = (): number => Number(/:(\d+):\d+\)?$/.exec(new Error().stack!.split("\n")[2]!)![1]);

const open: { close(): void }[] = [];
const keep = <T extends { close(): void }>(program: T): T => {
  open.push(program);
  return program;
};
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

function descriptors(): number {
  return readdirSync("/proc/self/fd").filter((fd) => {
    try {
      return /bpf/.test(readlinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false; // the descriptor that listed the folder
    }
  }).length;
}

const thrownBy = (work: () => unknown): Error => {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
};

describe("C between backticks", () => {
  test("is compiled, loaded and runs", () => {
    const program = keep(xdp`
      #include <linux/bpf.h>
      #include <bpf/bpf_helpers.h>
      SEC("xdp") int aborts(struct xdp_md *ctx) { return ${0}; }
      char LICENSE[] SEC("license") = "GPL";
    `);
    expect([program.name, program.run(new Uint8Array(14)).verdict]).toEqual(["aborts", "ABORTED"]);
  });

  test("is taken letter for letter", () => {
    expect(cText`"a\n\x41"`.text).toBe('"a\\n\\x41"');
  });

  test("that clang refuses names the line it was written in, behind inserted lines too", () => {
    const first = lineHere() + 1;
    const error = thrownBy(
      () => xdp`${HEADERS}
      SEC("xdp") int wrong(struct xdp_md *ctx)
      {
        return XDP_PAS;
      }
      ${LICENSE}`,
    ) as CompileError;
    expect(error.line).toBe(first + 4);
    expect(error.message).toMatch(
      new RegExp(`template\\.live\\.test\\.ts:${first + 4}:16\\): line ${first + 4}: use of`),
    );
    expect(error.log).toContain(`:${first + 4}:16: error: use of undeclared identifier 'XDP_PAS'`);
  });

  test("that the verifier refuses names the line, and leaves nothing in the kernel", () => {
    const before = descriptors();
    const first = lineHere() + 1;
    const error = thrownBy(
      () => xdp`${HEADERS}
      SEC("xdp") int peek(struct xdp_md *ctx)
      {
        unsigned char *data = (void *)(long)ctx->data;
        return data[12];
      }
      ${LICENSE}`,
    );
    expect(error.message).toMatch(/Cannot load peek: .*invalid access to packet/);
    expect(error.message).toMatch(new RegExp(`look at \\S+:${first + 5}:1, .return data\\[12\\];`));
    expect(descriptors()).toBe(before);
  });

  test("can be tried, and the explanation and the listing have its lines", () => {
    const first = lineHere() + 1;
    const trial = tryXdp(cText`${HEADERS}
      SEC("xdp") int peek(struct xdp_md *ctx)
      {
        unsigned char *data = (void *)(long)ctx->data;
        return data[12];
      }
      ${LICENSE}`);
    expect(trial.explanation?.line).toBe(first + 4);
    expect(trial.explanation?.answers[0]?.answer).toBe(`line ${first + 4}: return data[12];`);
    expect(trial.bytecode?.lines.map(({ line }) => line)).toContain(first + 4);
  });

  test("is ended by the clock where clang would take for ever", () => {
    const doubled = Array.from({ length: 40 }, (_, i) => `#define A${i + 1} A${i} A${i}`).join("\n");
    const text = `#define A0 +1\n${doubled}\nint x = A40;\n`;
    expect(() => compileXdp(text, "endless.c", 300)).toThrow(
      /Cannot compile endless.c: clang was not done after 0.3 s/,
    );
  });

  test("is attached to a wire, and a refused text attaches nothing", () => {
    const bed = Testbed.create(twoHosts());
    try {
      const tried = thrownBy(() => attachXdp(bed, "b", xdp`int x = ;`));
      expect([tried.name, bed.facts("b").xdp]).toEqual(["CompileError", "none"]);
      attachXdp(
        bed,
        "b",
        xdp`${HEADERS}
        SEC("xdp") int pass(struct xdp_md *ctx) { return XDP_PASS; }
        ${LICENSE}`,
      );
      expect(bed.facts("b").xdp).toBe("native");
    } finally {
      bed.close();
    }
  });

  test("of another kind than XDP loads by the tag bpf", () => {
    const { object } = keep(bpf`${HEADERS}
      SEC("sk_reuseport") int choose(struct sk_reuseport_md *md) { return SK_PASS; }
      ${LICENSE}`);
    expect(object.programs.map(({ section }) => section)).toEqual(["sk_reuseport"]);
  });
});

const MAPS = cText`${HEADERS}
struct flow { __be32 source; __be16 port; __u16 pad; };
struct count { __u64 packets; __u32 bytes; __s16 balance; __u8 flags:3, kind:5; char name[9]; __u8 mac[6]; __u16 lengths[3];
  union { __u32 whole; __u8 parts[4]; }; };
struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, struct flow); __type(value, struct count); __uint(max_entries, 2); } flows SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_LRU_HASH); __type(key, __u32); __type(value, __u64); __uint(max_entries, 2); } recent SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __type(key, __u32); __type(value, __be16); __uint(max_entries, 3); } ports SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __uint(key_size, 4); __type(value, struct { __u64 packets; __u32 odd; }); __uint(max_entries, 1); } cpus SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERCPU_HASH); __type(key, __u8[6]); __type(value, __u32); __uint(max_entries, 8); } macs SEC(".maps");

SEC("xdp") int counts(struct xdp_md *ctx)
{
  void *end = (void *)(long)ctx->data_end;
  struct ethhdr *eth = (void *)(long)ctx->data;
  struct iphdr *ip = (void *)(eth + 1);
  __u32 zero = 0, one = 1, *seen;
  struct { __u64 packets; __u32 odd; } *cpu = bpf_map_lookup_elem(&cpus, &zero);
  if (!cpu || (void *)(ip + 1) > end)
    return XDP_ABORTED;
  cpu->packets++;
  cpu->odd += 3;
  seen = bpf_map_lookup_elem(&macs, eth->h_source);
  if (seen)
    ++*seen;
  else
    bpf_map_update_elem(&macs, eth->h_source, &one, BPF_ANY);
  struct flow key = { .source = ip->saddr, .port = bpf_htons(7) };
  struct count *known = bpf_map_lookup_elem(&flows, &key);
  if (!known)
    return XDP_DROP;
  known->packets++;
  known->balance--;
  return XDP_PASS;
}
${LICENSE}`;

interface Flow {
  readonly [member: string]: number;
  readonly source: number;
  readonly port: number;
  readonly pad: number;
}

const packet = new Uint8Array(60);
packet.set([2, 0, 0, 0, 0, 1], 6);
packet.set([10, 0, 0, 9], 26);

describe("a program's maps", () => {
  test("read and write in the text's own types, whatever order the bytes have", () => {
    const program = keep(xdp`${MAPS}`);
    const flows = program.map<Flow>("flows");
    const key = { source: 0x0a000009, port: 7, pad: 0 };
    const value = {
      packets: 2n ** 60n,
      bytes: 4e9,
      balance: -7,
      flags: 5,
      kind: 17,
      name: "nine char",
      mac: new Uint8Array([1, 2, 3, 4, 5, 6]),
      lengths: [1, 2, 65535],
      whole: 0x01020304,
    };
    expect(program.run(packet).verdict).toBe("DROP");
    flows.set(key, value);
    expect(program.run(packet).verdict).toBe("PASS");
    const parts = new Uint8Array([4, 3, 2, 1]);
    expect(flows.get(key)).toEqual({ ...value, packets: 2n ** 60n + 1n, balance: -8, parts });
    expect(flows.keys()).toEqual([key]);
    expect([flows.delete(key), flows.delete(key), flows.get(key)]).toEqual([true, false, null]);
  });

  test("say in which order the bytes of a number are", () => {
    const { keyLayout } = keep(xdp`${MAPS}`).map("flows");
    expect(keyLayout).toMatchObject({
      kind: "struct",
      members: [
        { name: "source", layout: { order: "network", type: "__be32" } },
        { name: "port", offsetBits: 32, layout: { order: "network" } },
        { name: "pad", layout: { order: "host", sizeBytes: 2 } },
      ],
    });
  });

  test("hold big-endian values as the wire does", () => {
    const ports = keep(xdp`${MAPS}`).map<number, number>("ports");
    ports.set(2, 0x1234);
    expect([...ports.raw.lookup(u32Key(2))!]).toEqual([0x12, 0x34]);
    expect(ports.entries()).toEqual([
      [0, 0],
      [1, 0],
      [2, 0x1234],
    ]);
    expect(() => ports.set(3, 1)).toThrow(/E2BIG/);
    expect(() => ports.set(0, 65536)).toThrow(
      "Cannot write value of map ports: 65536 is no __be16 -> pass 0 to 65535",
    );
  });

  test("of one value a CPU are read by CPU or as a total", () => {
    const program = keep(xdp`${MAPS}`);
    for (let i = 0; i < 5; i++) program.run(packet);
    const cpus = program.map<number, { packets: bigint; odd: number }>("cpus");
    expect(cpus.total(0)).toEqual({ packets: 5n, odd: 15 });
    expect(cpus.perCpu(0)!.reduce((sum, { odd }) => sum + odd, 0)).toBe(15);
    expect(() => cpus.get(0)).toThrow("Cannot read one value of map cpus: it is a per-CPU array");
    const macs = program.map<Uint8Array, number>("macs");
    expect(macs.entries()).toEqual([[new Uint8Array([2, 0, 0, 0, 0, 1]), 5]]);
    const mac = new Uint8Array(6);
    macs.setPerCpu(
      mac,
      cpus.perCpu(0)!.map(() => 2),
    );
    expect(macs.total(mac)).toBe(2 * cpus.perCpu(0)!.length);
  });

  test("of the LRU kind let the oldest go", () => {
    const recent = keep(xdp`${MAPS}`).map<number, bigint>("recent");
    for (let i = 0; i < 300; i++) recent.set(i, BigInt(i));
    expect(recent.kind).toBe("LRU hash");
    expect(recent.get(299)).toBe(299n);
    expect(recent.get(0)).toBeNull();
  });

  test("refuse what does not fit, before the kernel sees it", () => {
    const flows = keep(xdp`${MAPS}`).map<Flow>("flows");
    expect(() => flows.get({ source: 1, port: 7 } as never)).toThrow(
      "without pad it is no struct flow -> pass source, port, pad",
    );
    expect(() => flows.get({ source: -1, port: 7, pad: 0 })).toThrow(
      "source of key of map flows: -1 is no __be32 -> pass 0 to 4294967295",
    );
    expect(() => flows.get({ source: 1, port: 7, pad: 0, more: 1 })).toThrow("more is no struct flow");
    expect(() => flows.get(5 as never)).toThrow("pass an object with source, port, pad");
    expect(() => flows.raw && keep(xdp`${MAPS}`).map("none")).toThrow(/Cannot find map/);
  });
});
