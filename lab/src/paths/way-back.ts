// The end of a path that sends each packet back to where it came from: a program at host a counts what arrives there, and drops
// it. That the forwarding thread handed a packet over is only what it says of itself.
import type { Testbed } from "../net/index.js";
import { attachXdp, loadCounter, PacketTimes, type Tally, verdictCounts } from "../xdp/index.js";
import type { HopCount } from "./path.js";

/** Counts since it was opened. */
export interface WayBack {
  /** Packets that came back, and their bytes. */
  tally(): Tally;
  drops(): HopCount[];
  /** What they took from when they were due to when they came back, and their numbers; left out where it was not asked for. */
  readonly times?: PacketTimes;
}

/** Puts the counting program at host a, which also makes that end poll. It goes with the testbed. @param timed whether it keeps times */
export function openWayBack(testbed: Testbed, timed = false): WayBack {
  const program = loadCounter("DROP", timed);
  attachXdp(testbed, "a", program);
  return {
    ...(timed && { times: new PacketTimes(program.object) }),
    tally: () => verdictCounts(program).DROP,
    drops: () => [
      {
        hop: "sent back, and not taken by veth-a",
        packets: testbed.facts("b").txDropped,
        next: "send back fewer at once: the ring of a veth has 256 slots",
      },
    ],
  };
}

/** Swaps the two addresses of the Ethernet header that begins at `at`, as everyone does who sends a frame back. */
export function swapMacs(bytes: Uint8Array, at: number): void {
  for (let i = at; i < at + 6; i++) {
    const byte = bytes[i];
    bytes[i] = bytes[i + 6];
    bytes[i + 6] = byte;
  }
}
