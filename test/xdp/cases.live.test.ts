import { JUPYTER_DISPLAY } from "ringside/plot";
import {
  type CaseResult,
  type CellProgram,
  caseTable,
  cText,
  describeChange,
  loadXdp,
  type ProgramCase,
  runCases,
  tryXdp,
  xdp,
} from "ringside/xdp";
import { afterEach, describe, expect, test } from "vitest";

/** Counts first bytes in a hash and on each CPU, forgets byte 9, and writes a 7 over byte 1 of what it counts. */
const COUNTS = cText`#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
struct seen { __u32 packets; char name[4]; };
struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, __u8); __type(value, __u64); __uint(max_entries, 8); } first SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __type(key, __u32); __type(value, __u64); __uint(max_entries, 2); } all SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY); __type(key, __u32); __type(value, struct seen); __uint(max_entries, 1); } named SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_XSKMAP); __type(key, __u32); __type(value, __u32); __uint(max_entries, 1); } sockets SEC(".maps");

SEC("xdp") int counts(struct xdp_md *ctx)
{
  __u8 *data = (void *)(long)ctx->data;
  if (data + 2 > (__u8 *)(long)ctx->data_end)
    return XDP_ABORTED;
  __u32 zero = 0;
  __u64 one = 1, *count;
  __u8 key = data[0];
  if (key == 9) {
    key = 5;
    bpf_map_delete_elem(&first, &key);
    return XDP_DROP;
  }
  count = bpf_map_lookup_elem(&all, &zero);
  if (count)
    ++*count;
  struct seen *seen = bpf_map_lookup_elem(&named, &zero);
  if (seen && key == 6)
    seen->name[0] = 'x';
  count = bpf_map_lookup_elem(&first, &key);
  if (count)
    ++*count;
  else
    bpf_map_update_elem(&first, &key, &one, BPF_ANY);
  data[1] = 7;
  return XDP_PASS;
}
char LICENSE[] SEC("license") = "GPL";`;

const open: { close(): void }[] = [];
const load = (): CellProgram => {
  const program = xdp`${COUNTS}`;
  open.push(program);
  return program;
};
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

const packet = (first: number, second = 0): Uint8Array => {
  const bytes = new Uint8Array(14);
  bytes.set([first, second]);
  return bytes;
};
const wordsOf = (results: readonly CaseResult[]): (string | null)[] => results.map(({ wrong }) => wrong);
const counted = (before: bigint | null, after: bigint) => [
  { map: "first", key: 5, before, after },
  { map: "all", key: 0, after },
];

describe("what a run changes in its maps", () => {
  test("is told in the text's own types: made, changed and removed, and sums of all CPUs", () => {
    const program = load();
    const changes = [5, 5, 9, 9].map((first) => program.run(packet(first)).changes);
    expect(changes).toEqual([
      [
        { map: "first", key: 5, before: null, after: 1n },
        { map: "all", key: 0, before: 0n, after: 1n },
      ],
      [
        { map: "first", key: 5, before: 1n, after: 2n },
        { map: "all", key: 0, before: 1n, after: 2n },
      ],
      [{ map: "first", key: 5, before: 2n, after: null }],
      [],
    ]);
    expect(changes.flat().map(describeChange)).toEqual([
      "first[5]: none -> 1",
      "all[0]: 0 -> 1",
      "first[5]: 1 -> 2",
      "all[0]: 1 -> 2",
      "first[5]: 2 -> none",
    ]);
  });

  test("has all CPUs' values where a text among them has no sum", () => {
    const change = load()
      .run(packet(6))
      .changes.find(({ map }) => map === "named")!;
    expect(describeChange(change)).toMatch(/^named\[0\]: \[.*\] -> \[.*name: "x".*\]$/);
  });
});

describe("a table of cases", () => {
  const same = { name: "the same", packet: packet(5, 3), verdict: "PASS" as const };
  const asked = [
    { name: "a new byte", packet: packet(5), verdict: "PASS" as const, changes: counted(null, 1n) },
    { ...same, bytes: packet(5, 7) },
    {
      name: "a removal",
      packet: packet(9),
      verdict: "DROP" as const,
      bytes: "as it came" as const,
      changes: [{ map: "first", key: 5, before: 2, after: null }],
    },
    { name: "too short", packet: packet(5).subarray(0, 13), verdict: null },
  ];

  test("is played in order, on maps that remember", () => {
    const results = runCases(load(), asked);
    expect(wordsOf(results)).toEqual([null, null, null, null]);
    expect(results.map(({ run }) => run?.verdict ?? null)).toEqual(["PASS", "PASS", "DROP", null]);
  });

  test("says of each case what is wrong: verdict, byte, length, a change that is missing, one too many", () => {
    const wrong: ProgramCase[] = [
      { ...asked[0]!, verdict: "DROP" as const },
      { ...asked[1]!, bytes: packet(5, 8) },
      { ...asked[1]!, bytes: packet(5, 7).subarray(0, 13) },
      { ...asked[1]!, bytes: "as it came" as const },
      { ...same, changes: counted(null, 5n) },
      { ...same, changes: [{ map: "first", key: 5, after: 6 }] },
      { ...same, changes: counted(6n, 8n) },
      { ...asked[2]!, changes: [{ map: "first", key: 5, before: null, after: null }] },
      { ...asked[3]!, verdict: "PASS" as const },
    ];
    expect(wordsOf(runCases(load(), wrong))).toEqual([
      "answered PASS",
      "left 7 in byte 1, not 8",
      "left 14 bytes, not 13",
      "left 7 in byte 1, not 3",
      "did not change first[5]: none -> 5",
      "changed all[0]: 5 -> 6, which nobody asked for",
      "did not change first[5]: 6 -> 8",
      "did not change first[5]: none -> none",
      "was not run",
    ]);
  });

  test("without typed maps refuses to judge their changes, and judges the rest", () => {
    const pass = loadXdp("pass");
    open.push(pass);
    const plain = { name: "any", packet: packet(1), verdict: "PASS" as const };
    expect(wordsOf(runCases(pass, [{ ...plain, bytes: "as it came" }]))).toEqual([null]);
    expect(() => runCases(pass, [{ ...plain, changes: [] }])).toThrow(
      "Cannot play case any: maps of pass have no types here -> load it by xdp or tryXdp",
    );
  });

  test("is drawn with what was asked and what came; a program that was not loaded says why", () => {
    const trial = tryXdp(COUNTS);
    open.push(trial.program!);
    const table = caseTable(trial, [{ ...asked[0]!, verdict: "DROP" }, asked[3]!], { title: "Cases" });
    const text = table[JUPYTER_DISPLAY]()["text/plain"];
    expect(text).toMatch(
      /a new byte +14 +DROP +PASS +first\[5\]: none -> 1; all\[0\]: 0 -> 1 +answered PASS/,
    );
    expect(text).toMatch(/too short +13 +not run +not run +none +yes/);
    const refused = tryXdp("int x = ;");
    expect(caseTable(refused, asked, { title: "Cases" })).toBe(refused);
  });
});
