// The number that the injector writes into its frames, and the two ways to hold it back: a start time and flow control.
import { Testbed, twoHosts } from "ringside/net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let testbed: Testbed;
beforeEach(() => {
  testbed = Testbed.create(twoHosts());
});
afterEach(() => testbed.close());

describe("an injector that numbers its frames", () => {
  test.each([13, 53, 14.5])("refuses byte %d of a 60-byte frame", (at) => {
    expect(() => testbed.injector("a", new Uint8Array(60), at)).toThrow(
      `Cannot number frames at byte ${at}: frames have 60 bytes and the number takes 8 -> try 14 to 52`,
    );
  });

  test("knows the number of its next frame", () => {
    const injector = testbed.injector("a", undefined, 52);
    expect(injector.offered).toBe(0);
    injector.injectNow(100);
    injector.injectNow(28);
    expect(injector.offered).toBe(128);
  });
});

describe("an injector that is held back", () => {
  test("sends nothing before its start time", () => {
    const startMs = performance.now() + 30;
    testbed.injector("a").injectNow(10, { ratePps: 1000, startMs });
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(9);
  });

  test("never has more frames out than it is allowed", () => {
    let most = 0;
    let taken = 0;
    const injection = testbed.injector("a").injectNow(1000, {
      allow(sent) {
        most = Math.max(most, sent - taken);
        taken = sent;
        return 50;
      },
    });
    expect(injection).toMatchObject({ offered: 1000, lost: 0 });
    expect(most).toBeLessThanOrEqual(50);
  });

  test("gives the event loop its turn each time it is allowed nothing, since the receiver may need it", async () => {
    let [asked, room] = [0, 0];
    const allow = (sent: number): number => {
      asked++;
      if (sent >= room) setImmediate(() => (room = sent + 50)); // as an answer of another process would
      return room - sent;
    };
    expect(await testbed.injector("a").inject(1000, { allow })).toMatchObject({ offered: 1000, lost: 0 });
    // 20 times 50: asked once in vain and once with success, and perhaps a third time where the answer was late.
    expect(asked).toBeLessThanOrEqual(3 * 20);
  });
});
