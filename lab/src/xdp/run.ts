// A program as a function: packet in, verdict and bytes out. Nothing is attached and no packet travels.
import { TestRun } from "../sys/index.js";
import type { XdpProgram } from "./program.js";
import { verdictName, type XdpVerdict } from "./verdict.js";

/** Shortest packet that the kernel runs a program on: an Ethernet header. */
export const SHORTEST_RUN_BYTES = 14;

/** What the program made of one packet. */
export interface ProgramRun {
  readonly verdict: XdpVerdict;
  /** The packet as the program left it. */
  readonly bytes: Uint8Array;
}

/**
 * Runs a program on one packet by BPF_PROG_TEST_RUN.
 *
 * @param packet 14 bytes or more, from the Ethernet header on
 * @throws RangeError below 14 bytes: no driver hands XDP less, and the kernel refuses to pretend.
 */
export function runProgram({ program }: XdpProgram, packet: Uint8Array): ProgramRun {
  if (packet.length < SHORTEST_RUN_BYTES) {
    throw new RangeError(
      `Cannot run ${program.name} on ${packet.length} bytes: the kernel wants ${SHORTEST_RUN_BYTES} or more, a whole Ethernet header -> pass a longer packet`,
    );
  }
  const run = new TestRun(program.fd, packet);
  try {
    const { returned, bytes } = run.run();
    return { verdict: verdictName(returned), bytes };
  } finally {
    run.close();
  }
}

/** Verdicts on a capture's packets in order; `null` for a packet too short to run on. */
export function runOnCapture(program: XdpProgram, packets: readonly Uint8Array[]): (XdpVerdict | null)[] {
  return packets.map((packet) =>
    packet.length < SHORTEST_RUN_BYTES ? null : runProgram(program, packet).verdict,
  );
}
