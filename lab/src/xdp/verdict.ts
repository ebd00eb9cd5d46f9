/** What an XDP program may answer, by number. @source include/uapi/linux/bpf.h, enum xdp_action */
export const VERDICTS: readonly XdpVerdict[] = ["ABORTED", "DROP", "PASS", "TX", "REDIRECT"];

/** The name of a verdict, without its `XDP_`. */
export type XdpVerdict = "ABORTED" | "DROP" | "PASS" | "TX" | "REDIRECT";

/** Names a program's return value; the kernel treats unknown ones as ABORTED. */
export function verdictName(returned: number): XdpVerdict {
  return VERDICTS[returned] ?? "ABORTED";
}
