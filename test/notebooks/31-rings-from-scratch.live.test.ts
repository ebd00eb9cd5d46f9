// The facts that notebook 31 tells: counts and orderings, never times.
import { measure, outcomeOf, predict } from "ringside/measure";
import { requests } from "ringside/ring";
import { openUring } from "ringside/sys";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("31");

test("hands 65 536 entries over in order while hardly anybody sleeps, and sees the mailbox's sides sleep", async () => {
  const { oneByOne, batched, mailbox, cursors } = outcomeOf(
    await measure.ringHandover({ guess: predict(0, "sleeps") }),
  );
  for (const way of [oneByOne, batched]) {
    expect(way).toMatchObject({ entries: 65_536, outOfOrder: 0 });
    expect(way.producerSlept + way.consumerSlept).toBeLessThan(66); // one in a thousand
  }
  expect(mailbox).toMatchObject({ entries: 4096, outOfOrder: 0 });
  expect(mailbox.producerSlept + mailbox.consumerSlept).toBeGreaterThan(4096);
  expect(cursors.producer).toBe(cursors.consumer);
});

test("refuses a ring that a batch does not fit into", async () => {
  await expect(measure.ringHandover({ guess: predict(0, "sleeps"), ringSize: 32 })).rejects.toThrow(
    "Cannot hand over 65536 entries through a ring of 32",
  );
});

test("shows the kernel on the other side: five requests, one call, five answers with the same tags", () => {
  const uring = openUring({ entries: 8, completions: 8 });
  const { submissionRing, completionRing } = uring;
  const first = submissionRing.reserve(5)!;
  for (let i = 0; i < 5; i++) submissionRing.write(first + i, requests.nop(), 0xa0 + i);
  submissionRing.submit(5);
  expect([submissionRing.queued, completionRing.peek()]).toEqual([5, 0]);
  uring.enter();
  expect([submissionRing.queued, completionRing.peek()]).toEqual([0, 5]);
  expect([0, 1, 2, 3, 4].map((i) => completionRing.tag(i))).toEqual([0xa0, 0xa1, 0xa2, 0xa3, 0xa4]);
  uring.close();
});
