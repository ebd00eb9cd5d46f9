// The exact facts that notebook 42 stands on.
import { measure, outcomeOf, predict } from "ringside/measure";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("sockets-as-a-library");

test("on the library no call receives, and a batch leaves by fewer calls than it has messages", async () => {
  const { runs } = outcomeOf(
    await measure.echoCalls({ guess: predict(1, "calls"), messages: 1024, windows: [1, 32] }),
  );
  const [one, many, libraryOne, libraryMany] = runs;
  for (const run of [one!, many!]) {
    expect(run.calls.sendto).toBe(1024);
    expect(run.calls.recvfrom).toBeGreaterThanOrEqual(1024);
  }
  expect(libraryOne!.calls).toEqual({ recvfrom: 0, sendto: 1024, poll: 0 });
  expect(libraryMany!.calls).toMatchObject({ recvfrom: 0, poll: 0 });
  expect(libraryMany!.callsPerMessage).toBeLessThan(0.9);
  expect(many!.callsPerMessage / libraryMany!.callsPerMessage).toBeGreaterThan(2.2);
});

test("refuses a window that the queues could not hold", async () => {
  const wide = measure.echoCalls({ guess: predict(1, "calls"), windows: [1000] });
  await expect(wide).rejects.toThrow("Cannot keep 1000 messages on their way");
});
