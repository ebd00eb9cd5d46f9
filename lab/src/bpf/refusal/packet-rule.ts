// The rule that every XDP program meets first: a packet's bytes must be proven before they are touched.
import type { Rule } from "./rule.js";

/** What is known of a refused load from, or store to, the packet. */
export interface PacketAccess {
  /** Of the register, e.g. `r1`. */
  readonly register: string;
  /** First byte of the access, counted from where the pointer to the packet was last known exactly. */
  readonly offset: number;
  /** How many bytes are read or written at once. */
  readonly sizeBytes: number;
  /** Bytes from that same point on that a comparison with `data_end` has proven to exist. */
  readonly provenBytes: number;
  /** The pointer holds a part that only a running program knows, such as a length read from the packet. */
  readonly moves: boolean;
}

const SENTENCE = /invalid access to packet, off=(-?\d+) size=(\d+), R(\d+)\(id=(\d+),off=-?\d+,r=(\d+)\)/;

/** Reads the refused access out of the kernel's sentence; null for another sentence. */
export function packetAccess(reason: string): PacketAccess | null {
  const found = SENTENCE.exec(reason);
  if (found === null) return null;
  const [offset, sizeBytes, register, id, provenBytes] = found.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { register: `r${register}`, offset, sizeBytes, provenBytes, moves: id !== 0 };
}

/** @source kernel/bpf/verifier.c, __check_mem_access and check_packet_access */
export const packetRule: Rule = {
  name: "packet bounds",
  sentence: SENTENCE,
  tell: ([reason]) => {
    const { register, offset, sizeBytes, provenBytes, moves } = packetAccess(reason) as PacketAccess;
    const wanted = sizeBytes === 1 ? `byte ${offset}` : `bytes ${offset} to ${offset + sizeBytes - 1}`;
    const moved = moves ? ", and moved by an amount that only a running program knows" : "";
    return {
      knew: `${register} points into the packet${moved}: ${provenBytes} bytes proven readable from there. The line wants ${wanted}, counted from 0.`,
      broken:
        "A packet has bytes only up to data_end. Each byte must be proven to lie before it, on every path that leads to the line.",
      compare: `The address just behind the last byte that is used, with data_end; on the path to this line it may not lie behind data_end.${moves ? " A proof made before the pointer moved counts no more." : ""}`,
    };
  },
};
