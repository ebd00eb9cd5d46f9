// What the bad wire does, seen by two of our own stacks at its ends: datagrams carry numbers.

import { BadWire, type BadWireFaults, driveStack, openStackOn } from "ringside/links";
import { expect, onTestFinished, test } from "vitest";

const COUNT = 2000;
const PORT = 9000;

/** Sends numbered datagrams from a to b. @returns The numbers as they arrived. */
async function numbers(
  faults: BadWireFaults,
): Promise<{ arrived: number[]; wire: BadWire; badChecksums: number }> {
  const wire = new BadWire(11);
  onTestFinished(() => wire.close());
  const [a, b] = [openStackOn(wire.testbed, { host: "a" }).stack, openStackOn(wire.testbed).stack];
  const [from, to] = [a.openUdp(PORT), b.openUdp(PORT)];
  const arrived: number[] = [];
  const both = {
    poll: () => {
      const frames = a.poll() + b.poll();
      for (let got = to.receive(); got !== null; got = to.receive())
        arrived.push(new DataView(got.bytes.buffer).getUint32(0));
      return frames;
    },
  };
  // The neighbours learn of each other first, undisturbed.
  from.send({ address: b.address, port: PORT }, Uint8Array.of(0, 0, 0, 0));
  expect(await driveStack(both, () => arrived.length === 1, 10_000)).toBe(true);
  wire.set(faults, "aToB");
  const before = wire.tally("aToB").seen;
  let sent = 0;
  const numbered = new DataView(new ArrayBuffer(64));
  const step = (): boolean => {
    for (let burst = 0; burst < 16 && sent < COUNT; burst++) {
      numbered.setUint32(0, sent + 1);
      if (!from.send({ address: b.address, port: PORT }, new Uint8Array(numbered.buffer))) break;
      sent++;
    }
    return sent === COUNT && wire.tally("aToB").seen - before === COUNT;
  };
  expect(await driveStack(both, step, 20_000)).toBe(true);
  await driveStack(both, () => false, 200);
  const { udpChecksum, ipChecksum } = b.counters.drops;
  return { arrived: arrived.slice(1), wire, badChecksums: udpChecksum + ipChecksum };
}

test("without faults delivers each frame once and in order", async () => {
  const { arrived } = await numbers({});
  expect(arrived).toEqual(Array.from({ length: COUNT }, (_, index) => index + 1));
});

test("delivers what it duplicates twice, and all the rest once", async () => {
  const { arrived, wire } = await numbers({ duplicate: 0.1 });
  const { duplicated } = wire.tally("aToB");
  expect(duplicated).toBeGreaterThan(COUNT * 0.06);
  expect([arrived.length, new Set(arrived).size]).toEqual([COUNT + duplicated, COUNT]);
});

test("lets frames be overtaken that make the detour, and loses none", async () => {
  const { arrived, wire } = await numbers({ reorder: 0.1 });
  expect(wire.tally("aToB").reordered).toBeGreaterThan(COUNT * 0.06);
  expect(new Set(arrived).size).toBe(COUNT);
  const overtaken = arrived.filter((number, index) => index > 0 && number < arrived[index - 1]!).length;
  expect(overtaken).toBeGreaterThan(COUNT * 0.01);
});

test("flips bits that our checksums find", async () => {
  const { arrived, wire, badChecksums } = await numbers({ corrupt: 0.1 });
  const { corrupted } = wire.tally("aToB");
  expect(corrupted).toBeGreaterThan(COUNT * 0.06);
  expect(arrived.length).toBeLessThan(COUNT);
  expect(arrived.length).toBeGreaterThanOrEqual(COUNT - corrupted);
  expect(badChecksums).toBeGreaterThan(corrupted * 0.8);
  expect(arrived.every((number) => number >= 1 && number <= COUNT)).toBe(true);
});

test("the same seed loses the same frames", async () => {
  const lost = async (): Promise<number[]> => {
    const { arrived } = await numbers({ loss: 0.05 });
    const there = new Set(arrived);
    return Array.from({ length: COUNT }, (_, index) => index + 1).filter((number) => !there.has(number));
  };
  const [first, second] = [await lost(), await lost()];
  expect(first.length).toBeGreaterThan(COUNT * 0.02);
  expect(second).toEqual(first);
});
