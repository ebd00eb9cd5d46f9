// Every verdict handles 100 000 packets, or on a machine that needs patience so many fewer, and each packet is found at its end by somebody who is not the program.
import { release } from "node:os";
import { patient } from "ringside/sys";
import { ENDINGS, type Ending, openStation, STRAYED } from "ringside/xdp";
import { afterEach, describe, expect, test } from "vitest";

const FRAMES = Math.round(100_000 / patient(1));
/** Packets that a cpumap's thread takes at a time. @source kernel/bpf/cpumap.c, CPUMAP_BATCH */
const CPUMAP_BATCH = 8;
const [major, minor] = release().split(".").map(Number) as [number, number];
const LETS_STRAY = major < 6 || (major === 6 && minor < 15);
const open: { close(): void }[] = [];
afterEach(() => {
  for (const station of open.splice(0)) station.close();
});

function station(...spec: Parameters<typeof openStation>): ReturnType<typeof openStation> {
  const made = openStation(...spec);
  open.push(made);
  return made;
}

describe.each(["native", "generic"] as const)("in %s mode", (mode) => {
  test.each(ENDINGS)(
    "%s brings every packet to its end",
    { timeout: patient(20_000) },
    async (ending: Ending) => {
      const count = await station({ ending, mode }).send(FRAMES);
      expect(count).toMatchObject({ mode, offered: FRAMES, arrived: FRAMES, said: FRAMES, unaccounted: 0 });
      const strayed = mode === "generic" && ending === "cpumap" && LETS_STRAY ? FRAMES - count.ended : 0;
      expect(count.ended).toBe(FRAMES - strayed);
      expect(count.ended).toBeGreaterThanOrEqual(FRAMES / CPUMAP_BATCH);
      expect(count.losses).toEqual(strayed === 0 ? [] : [{ hop: STRAYED, packets: strayed }]);
    },
  );
});

describe("what is lost behind a verdict", () => {
  test("by TX into a wire where nobody polls is in the driver's counters", async () => {
    const count = await station({ ending: "tx", mode: "native", deaf: true }).sendAt(1000, {});
    expect(count).toMatchObject({ said: 1000, ended: 0, unaccounted: 0 });
    expect(count.losses).toEqual([{ hop: "not taken by veth-a", packets: 1000 }]);
  });

  test("by REDIRECT into a wire where nobody polls is counted by no one", async () => {
    const count = await station({ ending: "redirect", mode: "native", deaf: true }).sendAt(1000, {});
    expect(count).toMatchObject({ said: 1000, ended: 0, losses: [], unaccounted: 1000 });
  });

  test("for want of frames, while nobody reads, is in the socket's counters", async () => {
    const count = await station({ ending: "xskmap", mode: "native" }).sendAt(10_000, {});
    expect(count).toMatchObject({ said: 10_000, ended: 4096, unaccounted: 0 });
    expect(count.losses).toEqual([{ hop: "no frame in the fill ring", packets: 10_000 - 4096 }]);
  });
});

test("reading every byte of a packet reads what was sent", async () => {
  const { end, send } = station({ ending: "drop", mode: "native", frameBytes: 64, words: 8 });
  await send(10);
  const [sum] = end.program.object.map("sums").readCounters(0);
  const frame = new BigUint64Array(8);
  new Uint8Array(frame.buffer).set([2, 0x72, 0x73, 0, 0, 2, 2, 0x72, 0x73, 0, 0, 1, 0x88, 0xb5]);
  const once = frame.reduce((total, word) => BigInt.asUintN(64, total + word), 0n);
  expect(sum).toBe(Number(BigInt.asUintN(64, once * 10n)));
});
