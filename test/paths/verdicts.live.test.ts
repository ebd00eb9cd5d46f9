// What is known of the paths that end in the kernel: an skb a packet where one must be made, and none where not.
import { countEvents, type PathName, Stage } from "ringside/paths";
import { expect, test } from "vitest";

const PACKETS = 196 * 512;

const SKBS: Partial<Record<PathName, number>> = {
  "xdp-drop": 0,
  "xdp-tx": 0,
  "xdp-redirect": 0,
  "xdp-cpumap": 0,
  "xdp-pass": PACKETS,
  "xdp-drop-generic": PACKETS,
  "xdp-tx-generic": PACKETS,
  "xdp-redirect-generic": PACKETS,
  "xdp-cpumap-generic": PACKETS,
  "xdp-pass-generic": PACKETS,
};

/** A cpumap's packets are ended by a thread of the kernel's, which makes no calls; all others by the softirq that brings them. */
const callsOf = (path: string): Record<string, number> | null => (path.startsWith("xdp-cpumap") ? {} : null);

test.each(Object.entries(SKBS))("%s costs %i socket buffers", async (path, skbs) => {
  const stage = await Stage.open({ path: path as PathName });
  try {
    const events = await countEvents(stage, PACKETS);
    expect(events).toMatchObject({ packets: PACKETS, received: PACKETS, skbs, uncounted: 0 });
    expect(events.syscalls).toEqual(callsOf(path));
    expect(events.napi.work).toBe(PACKETS);
  } finally {
    await stage.close();
  }
});

test("more of them come through under native drop than under generic drop, and more than to a second wire", async () => {
  const rates: Partial<Record<PathName, number>> = {};
  for (const path of ["xdp-drop", "xdp-redirect", "xdp-drop-generic"] as const) {
    const stage = await Stage.open({ path });
    try {
      const run = await stage.run({ seconds: 0.5, ratePps: Number.POSITIVE_INFINITY });
      expect(run.unaccounted).toBe(0);
      rates[path] = run.receivedPps;
    } finally {
      await stage.close();
    }
  }
  expect(rates["xdp-drop"]! / rates["xdp-drop-generic"]!).toBeGreaterThan(1.2);
  expect(rates["xdp-drop"]! / rates["xdp-redirect"]!).toBeGreaterThan(1.05);
});
