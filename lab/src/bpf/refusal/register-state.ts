// What the verifier knew of each register when it stopped. The log tells only what changed, instruction by instruction,
// so it is read from the top and the last word on each register counts.

/** The verifier's own words for each register, e.g. 1 -> `pkt(off=14,r=0)`. */
export type RegisterStates = ReadonlyMap<number, string>;

// `R1=pkt(r=0)`, and on kernels before 6.8 `R1_w=pkt(off=0,r=0,imm=0)`.
const STATE = /\bR(\d+)(?:_\w+)?=((?:[^\s();]*)(?:\((?:[^()]|\([^()]*\))*\))?)/g;
/** A line that tells all registers anew: another path begins here. */
const ALL_ANEW = /^(?:from \d+ to \d+.*|\d+: )R\d/;

/** Reads the states from a log. @source kernel/bpf/log.c, print_verifier_state and print_insn_state */
export function readStates(log: string): RegisterStates {
  const states = new Map<number, string>();
  for (const line of log.split("\n")) {
    if (!/^(?:from )?\d/.test(line)) continue;
    if (ALL_ANEW.test(line)) states.clear();
    for (const [, register, state] of line.matchAll(STATE)) states.set(Number(register), state!);
  }
  return states;
}

/** The part of a state that reads `name=number`; null where there is none. */
function numberIn(state: string, name: string): string | null {
  return new RegExp(`[(,=]${name}=(-?(?:0x)?[0-9a-f]+)`).exec(state)?.[1] ?? null;
}

// By how a state begins. The longer names stand first.
const WORDS: readonly (readonly [RegExp, (state: string) => string])[] = [
  [/^pkt_end/, () => "points to the packet's end"],
  [/^pkt_meta/, (state) => `points into the packet's metadata${offsetIn(state)}`],
  [
    /^pkt/,
    (state) => `points into the packet${offsetIn(state)}, ${numberIn(state, "r") ?? 0} bytes proven readable`,
  ],
  [/^ctx/, (state) => `points to the context, struct xdp_md${offsetIn(state)}`],
  [/^map_value_or_null/, (state) => `points to a value of ${mapIn(state)}, or is NULL: nobody asked yet`],
  [
    /^map_value/,
    (state) =>
      `points to a value of ${mapIn(state)}${offsetIn(state)}; it has ${numberIn(state, "vs") ?? "?"} bytes`,
  ],
  [/^map_ptr/, (state) => `stands for ${mapIn(state)}`],
  [/_or_null/, () => "points to memory that a helper gave, or is NULL: nobody asked yet"],
  [/^(?:ringbuf_)?mem/, () => "points to memory that a helper gave"],
  [/^fp(-?\d+)?$/, (state) => `points to the stack, ${state === "fp0" ? "at its top" : `at ${state}`}`],
  [/^fp/, () => "points to the stack"],
  [/^P?-?(?:0x)?[0-9a-f]+$/, (state) => `is the number ${state.replace("P", "")}`],
  [/scalar|^inv/, describeNumber],
];

/** One register in words, e.g. `r1 points into the packet, 0 bytes proven readable`. */
export function describeRegister(register: number, state: string | undefined): string {
  if (state === undefined) return `r${register} holds nothing that the program put there`;
  const words = WORDS.find(([pattern]) => pattern.test(state))?.[1](state);
  return `r${register} ${words ?? `is ${state}, in the kernel's words`}`;
}

function offsetIn(state: string): string {
  const offset = numberIn(state, "off");
  return offset === null || offset === "0" ? "" : ` at offset ${offset}`;
}

/** Maps of global data are named after the loader's object, e.g. `7f926421.rodata`. */
function mapIn(state: string): string {
  const name = /map=([^,)]+)/.exec(state)?.[1];
  if (name === undefined) return "a map";
  const data = /\.(?:rodata|data|bss).*$/.exec(name)?.[0];
  return data === undefined ? `map ${name}` : `the global data ${data}`;
}

/** Read as unsigned, a larger number of 64 bits is negative when read as signed. */
const MOST_POSITIVE = 2n ** 63n - 1n;

/** `smin=smin32=0,smax=umax=smax32=umax32=255`: several names may share one number. */
function boundIn(state: string, name: string): string | null {
  return new RegExp(`\\b${name}=(?:\\w+=)*(-?(?:0x)?[0-9a-f]+)`).exec(state)?.[1] ?? null;
}

function describeNumber(state: string): string {
  const known = /^(?:P?scalar|inv)\(?(-?\d+)\)?$/.exec(state)?.[1];
  if (known !== undefined) return `is the number ${known}`;
  const high = boundIn(state, "umax") ?? boundIn(state, "smax");
  if (high === null && boundIn(state, "umin") === null) return "is a number of which nothing is known";
  if (high !== null && BigInt(high) > MOST_POSITIVE)
    return `is a number that may be negative, and may be as large as ${boundIn(state, "smax") ?? "any"}`;
  return `is a number from ${boundIn(state, "umin") ?? boundIn(state, "smin") ?? "0"} to ${high ?? "any height"}`;
}
