// What every capture is made of: two hosts, a clock, and random data from one seed.

import { buildFrame } from "ringside/packet";
import { seededRandom } from "ringside/stats";

export const SEED = 2018;
const START_NS = 1_768_467_600_000_000_000n; // 2026-01-15 09:00:00 UTC

/** Random numbers of one capture's own, so that a change to one capture leaves the others as they were. */
export function randomSource() {
  const random = seededRandom(SEED);
  const below = (limit) => Math.floor(random() * limit);
  return { below, data: (length) => Uint8Array.from({ length }, () => below(256)) };
}

// Two hosts. `there` is a frame from a to b, `back` its answer.
export const MAC = { a: "02:00:00:00:00:0a", b: "02:00:00:00:00:0b", all: "ff:ff:ff:ff:ff:ff" };
export const there = { source: MAC.a, destination: MAC.b };
export const back = { source: MAC.b, destination: MAC.a };
export const IPV4 = {
  there: { source: "10.0.0.1", destination: "10.0.0.2" },
  back: { source: "10.0.0.2", destination: "10.0.0.1" },
};
export const IPV6 = {
  there: { source: "fd00::1", destination: "fd00::2" },
  back: { source: "fd00::2", destination: "fd00::1" },
};
export const ports = { sourcePort: 40001, destinationPort: 4242 };
export const answerPorts = { sourcePort: 4242, destinationPort: 40001 };

/** A frame from a to b of Ethernet's least size or more, unless the spec says otherwise. */
export const frame = (spec) => buildFrame({ ethernet: there, padTo: 60, ...spec });

/** Puts bytes at an offset of a finished frame: how a frame gets broken. */
export function patch(bytes, at, ...values) {
  bytes.set(values, at);
  return bytes;
}

/** Keeps only the first bytes of a frame, as a short snapshot length does. */
export const cut = (bytes, kept) => ({ bytes: bytes.subarray(0, kept), originalLength: bytes.length });

/** Gives each frame its time: `gapNs()` after the one before. */
export function inTime(frames, gapNs) {
  let timestampNs = START_NS;
  return frames.map((made) => {
    timestampNs += BigInt(gapNs());
    return made instanceof Uint8Array ? { timestampNs, bytes: made } : { timestampNs, ...made };
  });
}

/** The same for frames that come with a time of their own, in µs since the capture's start. */
export const atTimes = (events) =>
  events.map(([us, bytes]) => ({ timestampNs: START_NS + BigInt(Math.round(us * 1000)), bytes }));
