import {
  AGILIO_CX,
  NETDEVSIM,
  offloadDemand,
  offloadObstacles,
  pointerKinds,
  readBytecode,
} from "ringside/bpf";
import { COURSE_PROGRAMS, compileXdp, courseProgram } from "ringside/xdp";
import { describe, expect, test } from "vitest";

const HEADER = `#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>
`;
const map = (type: string, entries = 16, value = "__u64", flags = ""): string => `struct {
	__uint(type, ${type});
	__uint(max_entries, ${entries});
	__type(key, __u32);
	__type(value, ${value});
	${flags}
} counts SEC(".maps");
`;
/** A program that looks a key up and does something with the value. */
function withMap(declared: string, body: string, before = ""): string {
  return `${HEADER}${declared}
SEC("xdp") int program(struct xdp_md *ctx)
{
	__u32 key = 0;
	${before}
	__u64 *count = bpf_map_lookup_elem(&counts, &key);
	if (!count)
		return XDP_PASS;
	${body}
	return XDP_DROP;
}
`;
}
const ARRAY = map("BPF_MAP_TYPE_ARRAY");

/** Rule and C line of what is in the way. */
function obstaclesOf(text: string, profile = AGILIO_CX): [string, number | null][] {
  return offloadObstacles(readBytecode(compileXdp(text)), profile).map(({ rule, line }) => [rule, line]);
}
const lineWith = (text: string, words: string): number =>
  text.split("\n").findIndex((line) => line.includes(words)) + 1;

describe("what a card refuses", () => {
  test("is nothing of a program that only adds to an array or a hash", () => {
    for (const type of ["BPF_MAP_TYPE_ARRAY", "BPF_MAP_TYPE_HASH"]) {
      expect(obstaclesOf(withMap(map(type), "__sync_fetch_and_add(count, 1);"))).toEqual([]);
    }
  });

  test("is a write to a map's value, found through spills and branches, with its line", () => {
    const plain = withMap(ARRAY, "(*count)++;");
    expect(obstaclesOf(plain)).toEqual([["map write", lineWith(plain, "(*count)++")]]);
    const far = withMap(ARRAY, "if (bpf_get_prandom_u32() & 1)\n\t\tbpf_get_prandom_u32();\n\t*count = 7;");
    expect(obstaclesOf(far)).toEqual([["map write", lineWith(far, "*count = 7")]]);
  });

  test("is no write to the packet or the stack", () => {
    const packet = `${HEADER}SEC("xdp") int program(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	volatile __u64 local = 1;
	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	eth->h_proto = 0;
	return local ? XDP_TX : XDP_PASS;
}
`;
    expect(obstaclesOf(packet)).toEqual([]);
  });

  test("is an atomic that gives the old value back, or does more than add", () => {
    const swapped = withMap(
      ARRAY,
      "__u64 old = __sync_fetch_and_add(count, 1);\n\tif (old > 5)\n\t\treturn XDP_PASS;",
    );
    expect(obstaclesOf(swapped).map(([rule]) => rule)).toEqual(["atomic"]);
  });

  test("is a helper that it lacks", () => {
    const timed = withMap(ARRAY, "if (bpf_ktime_get_ns() & 1)\n\t\treturn XDP_PASS;");
    expect(obstaclesOf(timed)).toEqual([["helper", lineWith(timed, "bpf_ktime_get_ns")]]);
    expect(obstaclesOf(timed, NETDEVSIM).map(([rule]) => rule)).toEqual(["map size"]);
  });

  test("is a map of another type, too many entries, or a value too long", () => {
    const add = "__sync_fetch_and_add(count, 1);";
    expect(obstaclesOf(withMap(map("BPF_MAP_TYPE_PERCPU_ARRAY"), add))).toEqual([["map type", null]]);
    expect(obstaclesOf(withMap(map("BPF_MAP_TYPE_ARRAY", 2e6), add))).toEqual([["map size", null]]);
    const long = `struct long_value { __u64 words[16]; };\n${map("BPF_MAP_TYPE_ARRAY", 16, "struct long_value")}`;
    expect(obstaclesOf(withMap(long, add))).toEqual([["map size", null]]);
  });

  test("is a constant that is set when the program is loaded: it stands in a map with flags", () => {
    const set = withMap(`const volatile __u32 limit = 5;\n${ARRAY}`, "if (limit > 7)\n\t\treturn XDP_PASS;");
    expect(obstaclesOf(set)).toEqual([["map flags", null]]);
  });

  test("is a key that does not lie on the stack", () => {
    const inPacket = `${HEADER}${ARRAY}
SEC("xdp") int program(struct xdp_md *ctx)
{
	__u32 *key = (void *)(long)ctx->data;
	if ((void *)(key + 1) > (void *)(long)ctx->data_end)
		return XDP_DROP;
	return bpf_map_lookup_elem(&counts, key) ? XDP_PASS : XDP_DROP;
}
`;
    expect(obstaclesOf(inPacket).map(([rule]) => rule)).toEqual(["argument"]);
  });

  test("is more stack or more instructions than there are", () => {
    const small = {
      ...AGILIO_CX,
      stackBytes: { most: 0, assumed: true },
      instructions: { most: 3, assumed: true },
    };
    const obstacles = offloadObstacles(
      readBytecode(compileXdp(withMap(ARRAY, "__sync_fetch_and_add(count, 1);"))),
      small,
    );
    expect(obstacles.map(({ rule, assumed }) => [rule, assumed])).toEqual([
      ["length", true],
      ["stack", true],
    ]);
  });
});

describe("the course's programs", () => {
  test("run on a card only where they neither count nor redirect", () => {
    const free = COURSE_PROGRAMS.filter(
      (name) => offloadObstacles(courseProgram(name), AGILIO_CX).length === 0,
    );
    expect(free).toEqual(["drop", "pass"]);
  });

  test("ask for what their maps and instructions take", () => {
    expect(offloadDemand(courseProgram("drop"))).toEqual({ instructions: 2, stackBytes: 0, mapBytes: 0 });
    const { instructions, mapBytes } = offloadDemand(courseProgram("kv_cache"));
    expect(instructions).toBeGreaterThan(200);
    expect(mapBytes).toBeGreaterThan(4096 * (8 + 48));
  });

  test("have a known register file before each instruction that can be reached", () => {
    for (const name of COURSE_PROGRAMS) {
      const { instructions } = courseProgram(name);
      const states = pointerKinds(instructions);
      expect([...states.keys()].sort((a, b) => a - b)).toEqual(instructions.map(({ slot }) => slot));
      for (const { registers } of states.values()) expect(registers[10]).toBe("stack");
    }
  });
});
