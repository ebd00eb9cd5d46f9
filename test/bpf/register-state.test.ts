import { explainRefusal } from "ringside/bpf";
import { expect, test } from "vitest";

const knew = (log: string): string | undefined =>
  explainRefusal(log).answers.find(({ question }) => question.startsWith("What did"))?.answer;

test("the words are the same for the way in which Linux 6.1 writes a state", () => {
  // Put together from the formats of kernel/bpf/verifier.c at v6.1; no such kernel ran here.
  const log = `0: R1=ctx(off=0,imm=0) R10=fp0
; return *value == 7 ? XDP_PASS : XDP_DROP;
6: (85) call bpf_map_lookup_elem#1    ; R0_w=map_value_or_null(id=1,off=0,ks=4,vs=16,imm=0)
7: (0f) r1 += r2                      ; R1_w=pkt(off=14,r=14,imm=0) R2_w=scalar(umax=255,var_off=(0x0; 0xff))
8: (61) r1 = *(u32 *)(r0 +0)
R0 invalid mem access 'map_value_or_null'
processed 9 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;
  expect(explainRefusal(log)).toMatchObject({ rule: "null map value", line: null });
  expect(knew(log)).toBe("r0 points to a value of a map, or is NULL: nobody asked yet.");
  const sum = log.replace(/8: .*\n.*\n/, "8: (0f) r1 += r2\nR1 pointer += pointer prohibited\n");
  expect(knew(sum)).toBe(
    "r1 points into the packet at offset 14, 14 bytes proven readable; r2 is a number from 0 to 255.",
  );
});

test("what was known on another path is forgotten where a new one begins", () => {
  const log = `0: R1=ctx() R10=fp0
0: (b7) r2 = 5                        ; R2=5
from 3 to 9: R1=ctx() R10=fp0
9: R1=ctx() R10=fp0
9: (bf) r0 = r2
R2 !read_ok
`;
  expect(knew(log)).toBe("r2 holds nothing that the program put there.");
});
