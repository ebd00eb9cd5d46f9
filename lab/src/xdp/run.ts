// A program as a function: packet in, verdict and bytes out. Nothing is attached and no packet travels.
import { TestRun } from "../sys/index.js";
import type { XdpProgram } from "./program.js";
import { verdictName, type XdpVerdict } from "./verdict.js";

/** Shortest packet that the kernel runs a program on: an Ethernet header. */
export const SHORTEST_RUN_BYTES = 14;
/** Longest one: a page of 4096 bytes, less 256 before the packet and 320 behind it for the kernel's own use. */
export const LONGEST_RUN_BYTES = 3520;

/** What the program made of one packet. */
export interface ProgramRun {
  readonly verdict: XdpVerdict;
  /** What it returned: as a number, a program may answer what has no name, and the kernel takes it for ABORTED. */
  readonly returned: number;
  /** The packet as the program left it. */
  readonly bytes: Uint8Array;
}

/** Whether the kernel runs a program on a packet of this length. */
export function isRunnable(packet: Uint8Array): boolean {
  return packet.length >= SHORTEST_RUN_BYTES && packet.length <= LONGEST_RUN_BYTES;
}

/**
 * Runs a program on one packet by BPF_PROG_TEST_RUN.
 *
 * @param packet 14 to 3520 bytes, from the Ethernet header on
 * @throws RangeError outside of these: no driver hands XDP less, and the kernel refuses to pretend.
 * @source net/bpf/test_run.c, bpf_test_init
 */
export function runProgram({ program }: XdpProgram, packet: Uint8Array): ProgramRun {
  if (!isRunnable(packet)) {
    const change =
      packet.length < SHORTEST_RUN_BYTES ? "pass a whole Ethernet header" : "pass a shorter packet";
    throw new RangeError(
      `Cannot run ${program.name} on ${packet.length} bytes: the kernel takes ${SHORTEST_RUN_BYTES} to ${LONGEST_RUN_BYTES} -> ${change}`,
    );
  }
  const run = new TestRun(program.fd, packet);
  try {
    const { returned, bytes } = run.run();
    return { verdict: verdictName(returned), returned, bytes };
  } finally {
    run.close();
  }
}

/** Verdicts on a capture's packets in order; `null` for a packet that the kernel would not run a program on. */
export function runOnCapture({ program }: XdpProgram, packets: readonly Uint8Array[]): (XdpVerdict | null)[] {
  const run = new TestRun(program.fd, new Uint8Array(SHORTEST_RUN_BYTES));
  try {
    return packets.map((packet) => {
      if (!isRunnable(packet)) return null;
      run.packet = packet;
      return verdictName(run.run().returned);
    });
  } finally {
    run.close();
  }
}
