// What a network card can run of eBPF, as data. A driver says it in its verifier hook and in its map operations; part of it
// only the card's firmware knows, and tells the driver when it starts. That part is a guess of ours, and marked as one.

/** A number that the firmware decides. */
export interface AssumedLimit {
  readonly most: number;
  /** False where the driver's own source says it; true where the card's firmware would, and this is our assumption. */
  readonly assumed: boolean;
}

/** One card, or one driver. */
export interface OffloadProfile {
  readonly name: string;
  /** Kernel file and what it is about. */
  readonly source: string;
  /** Helpers that programs may call, without `bpf_`; null where the driver does not ask. */
  readonly helpers: readonly string[] | null;
  /** `enum bpf_map_type`. */
  readonly mapTypes: readonly number[];
  /** Whether maps may carry flags: a program's constants and variables are such maps to the loader. */
  readonly mapFlags: boolean;
  readonly mapEntries: AssumedLimit;
  readonly keyBytes: AssumedLimit;
  readonly valueBytes: AssumedLimit;
  /** How a program may change a map's value in place. */
  readonly mapWrites: "any" | "atomic add";
  /** Whether the key and value of a map call must lie on the stack. */
  readonly argumentsOnStack: boolean;
  /** Whether instructions that came after the driver are known to it: byte swaps without a name, signed loads and divisions, long jumps. */
  readonly newerInstructions: boolean;
  /** Instructions of the program. The card counts its own machine code, of which one of ours makes several. */
  readonly instructions: AssumedLimit;
  readonly stackBytes: AssumedLimit;
}

const HASH = 1;
const ARRAY = 2;
const said = (most: number): AssumedLimit => ({ most, assumed: false });
const assume = (most: number): AssumedLimit => ({ most, assumed: true });

/**
 * Netronome's Agilio CX, the one card whose driver ever ran eBPF itself.
 *
 * @source drivers/net/ethernet/netronome/nfp/bpf/verifier.c (nfp_bpf_check_helper_call, nfp_bpf_check_ptr,
 *   nfp_bpf_check_atomic), offload.c (nfp_bpf_map_alloc, nfp_net_bpf_load), jit.c (instr_cb), v5.12. Sizes come from the
 *   firmware (struct nfp_bpf_cap_tlv_maps, NFP_NET_CFG_BPF_MAX_LEN, NFP_NET_CFG_BPF_STACK_SZ).
 */
export const AGILIO_CX: OffloadProfile = {
  name: "Agilio CX (nfp)",
  source: "drivers/net/ethernet/netronome/nfp/bpf",
  helpers: [
    "map_lookup_elem",
    "map_update_elem",
    "map_delete_elem",
    "xdp_adjust_head",
    "xdp_adjust_tail",
    "get_prandom_u32",
    "perf_event_output",
  ],
  mapTypes: [HASH, ARRAY],
  mapFlags: false,
  mapEntries: assume(1_000_000),
  keyBytes: assume(64),
  valueBytes: assume(64),
  mapWrites: "atomic add",
  argumentsOnStack: true,
  newerInstructions: false,
  instructions: assume(4096),
  stackBytes: assume(512),
};

/**
 * The kernel's own pretence of such a card, for testing the way there: it runs nothing itself, so it refuses no program, and
 * has room for maps of two entries.
 *
 * @source drivers/net/netdevsim/bpf.c (nsim_bpf_verify_insn, nsim_bpf_map_alloc, NSIM_BPF_MAX_KEYS)
 */
export const NETDEVSIM: OffloadProfile = {
  name: "netdevsim",
  source: "drivers/net/netdevsim/bpf.c",
  helpers: null,
  mapTypes: [HASH, ARRAY],
  mapFlags: false,
  mapEntries: said(2),
  keyBytes: said(Number.POSITIVE_INFINITY),
  valueBytes: said(Number.POSITIVE_INFINITY),
  mapWrites: "any",
  argumentsOnStack: false,
  newerInstructions: true,
  instructions: said(1_000_000),
  stackBytes: said(512),
};
