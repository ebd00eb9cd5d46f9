import { ringsFigure } from "ringside/plot";
import {
  allocateRing,
  FramePool,
  ModelSocket,
  type RingMemory,
  snapshotRing,
  takeLedger,
} from "ringside/ring";
import { expect, test } from "vitest";
import { LIVE, ledgerOf } from "./samples.js";
import { readXml } from "./xml.js";

const texts = (svg: string) =>
  readXml(svg).flatMap((element) => (element.name === "text" ? [element.text] : []));

/** A socket that received one of its four offered packets. */
function oneReceived() {
  const socket = new ModelSocket({ ringSize: 4, frameCount: 4 });
  const pool = new FramePool(socket.umem);
  pool.fill(socket.fillRing);
  socket.kernel.receive(new Uint8Array(60));
  return ringsFigure({
    title: "one packet",
    provenance: LIVE,
    frameSize: socket.umem.frameSize,
    ledger: takeLedger(socket, pool.list(), socket.kernel.holds),
    rings: {
      fill: snapshotRing(socket.fillRing.memory),
      rx: snapshotRing(socket.rxRing.memory),
      tx: snapshotRing(socket.txRing.memory),
      completion: snapshotRing(socket.completionRing.memory),
    },
  });
}

test("shows each frame's number in the ring that owns it, and the cursors as they are", () => {
  const { svg, text } = oneReceived();
  expect(texts(svg)).toEqual(expect.arrayContaining(["fill ring", "▼ P 4", "▲ C 1", "R 0", "F 3"]));
  expect(text).toContain("fill ring .### producer 4 consumer 1");
  expect(text).toContain("rx ring #... producer 1 consumer 0");
  expect(text).toContain("fill 3 + kernel 0 + rx 1 + application 0 + tx 0 + completion 0 = 4 of 4 frames");
});

test("is the same picture for the same state", () => {
  expect(oneReceived().svg).toBe(oneReceived().svg);
});

test("draws cursors that have passed 2^32", () => {
  const ring = snapshotRing(allocateRing(8, "addr", 2 ** 32 - 1));
  const rings = { fill: ring, rx: ring, tx: ring, completion: ring };
  const { svg } = ringsFigure({
    title: "t",
    provenance: LIVE,
    rings,
    frameSize: 2048,
    ledger: ledgerOf(["rx"]),
  });
  expect(texts(svg)).toContain("▼ P 4294967295");
});

test("refuses rings and umems that would not be legible", () => {
  const draw = (memory: RingMemory, frames: number) => {
    const ring = snapshotRing(memory);
    const rings = { fill: ring, rx: ring, tx: ring, completion: ring };
    const ledger = ledgerOf(Array.from({ length: frames }, () => "rx" as const));
    return () => ringsFigure({ title: "t", provenance: LIVE, rings, frameSize: 2048, ledger });
  };
  expect(draw(allocateRing(32, "addr"), 16)).toThrow("draw a smaller ring");
  expect(draw(allocateRing(16, "addr"), 65)).toThrow("draw a smaller umem");
  expect(draw(allocateRing(16, "addr"), 0)).toThrow(RangeError);
});
