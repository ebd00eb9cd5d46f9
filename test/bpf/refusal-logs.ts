// Logs as Linux 6.18 wrote them; all but NO_CHECK are shortened in the middle, and TOO_FEW and MOVED quote a reworded C line.

/** A matcher without any comparison. */
export const NO_CHECK = `0: R1=ctx() R10=fp0
; void *data = (void *)(long)ctx->data; @ <stdin>:14
0: (61) r1 = *(u32 *)(r1 +0)          ; R1=pkt(r=0)
; return eth->h_proto == bpf_htons(ETH_P_IP); @ <stdin>:8
1: (71) r2 = *(u8 *)(r1 +12)
invalid access to packet, off=12 size=1, R1(id=0,off=12,r=0)
R1 offset is outside of the packet
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

/** 14 bytes proven; two more are read behind them. */
export const TOO_FEW = `0: R1=ctx() R10=fp0
; if ((void *)(eth + 1) <= data_end) @ <stdin>:19
3: (bf) r3 = r1                       ; R1=pkt(r=0) R3=pkt(r=0)
4: (07) r3 += 14                      ; R3=pkt(off=14,r=0)
5: (2d) if r3 > r2 goto pc+10         ; R2=pkt_end() R3=pkt(off=14,r=14)
; type = *(__be16 *)(data + 16); @ <stdin>:21
11: (69) r2 = *(u16 *)(r1 +16)
invalid access to packet, off=16 size=2, R1(id=0,off=16,r=14)
R1 offset is outside of the packet
processed 12 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

/** The pointer was moved by a byte of the packet, after the comparison. */
export const MOVED = `0: R1=ctx() R10=fp0
; if (*(char*)(data+i)) verdict=2; @ <stdin>:19
5: (2d) if r3 > r2 goto pc+6          ; R2=pkt_end() R3=pkt(off=15,r=15)
7: (0f) r1 += r2                      ; R1=pkt(id=1,r=0,smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff))
8: (71) r1 = *(u8 *)(r1 +0)
invalid access to packet, off=0 size=1, R1(id=1,off=0,r=0)
R1 offset is outside of the packet
processed 9 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

/** Another rule altogether. */
export const ENDLESS = `0: R1=ctx() R10=fp0
; for (;;) verdict++; @ <stdin>:19
0: (05) goto pc-1
infinite loop detected at insn 0
cur state: R1=ctx() R10=fp0
old state: R1=ctx() R10=fp0
processed 9 insns (limit 1000000) max_states_per_insn 0 total_states 1 peak_states 1 mark_read 0
`;
