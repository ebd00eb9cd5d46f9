// The exact facts that notebook 20 stands on. None of them is a time.
import { measure, outcomeOf, predict, type SkbCountOutcome, type SkbProgram } from "ringside/measure";
import { kernelStruct } from "ringside/sys";
import { skbCaches } from "ringside/trace";
import { describe, expect, test } from "vitest";

const FRAMES = 65_536;
const none = predict(0, "skbs");

async function count(program: SkbProgram): Promise<SkbCountOutcome> {
  const outcome = outcomeOf(await measure.skbCount({ program, frames: FRAMES, guess: none }));
  expect(outcome).toMatchObject({ frames: FRAMES, arrived: FRAMES, uncounted: 0, xdpMode: "native" });
  return outcome;
}

describe("65 536 frames", () => {
  test("make no skb where a native program drops them", async () => {
    expect(await count("drop")).toMatchObject({ made: 0, dropped: 0, consumed: 0 });
  });

  test("make no skb where an AF_XDP socket receives them all by copy", async () => {
    expect(await count("afXdp")).toMatchObject({ made: 0, dropped: 0, consumed: 0, received: FRAMES });
  });

  test("make as many skbs under XDP_PASS, which all die for want of a socket", async () => {
    const { made, dropped, reasons, waiting } = await count("pass");
    expect({ made, dropped, waiting }).toEqual({ made: FRAMES, dropped: FRAMES, waiting: 0 });
    expect(reasons).toEqual({ NO_SOCKET: FRAMES });
  });

  test("die at a full socket, but for those that wait for their reader, who gets exactly these", async () => {
    const { made, reasons, waiting, received } = await count("fullSocket");
    expect(made).toBe(FRAMES);
    expect(reasons).toEqual({ SOCKET_RCVBUFF: FRAMES - waiting });
    expect(waiting).toBeGreaterThan(0);
    expect(received).toBe(waiting);
  });
});

test("a buffer lives until it is read or its socket is closed", async () => {
  const { lives, frames } = outcomeOf(await measure.skbLifetime({ guess: none }));
  expect(lives.length).toBe(5);
  for (const life of lives) {
    expect(life.entered).toBe(frames);
    expect(life.refused + life.waiting).toBe(frames);
    expect(life.diedWaiting).toBe(0);
    expect(life.chargedBytes).toBeLessThanOrEqual(life.limitBytes);
    expect(life.read + life.diedAtClose).toBe(life.waiting);
  }
  expect(lives[0]!.read).toBe(0);
  expect(lives.at(-1)!.diedAtClose).toBe(0);
});

test("this kernel's sk_buff fits its slab cache, and has the fields that the notebook names", () => {
  const { sizeBytes, fields } = kernelStruct("sk_buff");
  const cache = skbCaches().find(({ name }) => name === "skbuff_head_cache")!;
  expect(cache.objectBytes).toBeGreaterThanOrEqual(sizeBytes);
  const names = fields.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(["next", "dev", "sk", "cb", "len", "protocol", "users", "truesize"]),
  );
});
