// The facts that notebook 33 tells: counts and orderings, never times.
import { measure, outcomeOf, predict } from "ringside/measure";
import { openReceiver } from "ringside/xdp";
import { expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("33");

test("makes no call that asks for packets, and the counter sees every one of a loop that does", async () => {
  const result = await measure.afXdpReceive({ guess: predict(0, "calls"), packets: 16_384 });
  const outcome = outcomeOf(result);
  expect(outcome).toMatchObject({ injected: 16_384, received: 16_384, damaged: 0 });
  expect(outcome.rings).toMatchObject({ packets: 16_384, receiving: 0 });
  expect(outcome.asking).toMatchObject({ packets: 4096, receiving: 4096 });
  expect(outcome.rings.total).toBeLessThan(100);
});

test("keeps one owner for each frame, makes no skb and loses nothing", async () => {
  const result = await measure.afXdpReceive({ guess: predict(0, "calls"), packets: 8192 });
  const { conserved, equations, skbs, statistics, mode, zeroCopy } = outcomeOf(result);
  expect(conserved).toEqual({ yes: 4, looked: 4 });
  expect(equations[0]).toContain("fill 0 + kernel 0 + rx 4096 + application 4096");
  expect(equations[1]).toContain("fill 4096 + kernel 0 + rx 0 + application 4096");
  expect(skbs).toEqual({ packets: 4096, entered: 0 });
  expect(statistics).toMatchObject({ rxDropped: 0, rxRingFull: 0, rxFillRingEmptyDescs: 0 });
  expect(mode).toBe("copyMode");
  expect(zeroCopy).toContain("EOPNOTSUPP");
});

test("refuses a number of packets that is no multiple of a burst", async () => {
  await expect(measure.afXdpReceive({ guess: predict(0, "calls"), packets: 100 })).rejects.toThrow(
    "Cannot receive 100 packets: they come in bursts of 4096 -> try 65536",
  );
});

test("receives nothing on the wrong queue, names the cause, and everything on the right one", async () => {
  const outcome = outcomeOf(await measure.afXdpWrongQueue({ guess: predict(0, "packets") }));
  const { arrivalQueue, boundQueue } = outcome;
  expect(boundQueue).not.toBe(arrivalQueue);
  expect(outcome).toMatchObject({ received: 0, toStack: 200, receivedByRightSocket: 200 });
  expect(outcome.queues[arrivalQueue]).toEqual({ queue: arrivalQueue, hits: 0, misses: 200 });
  expect(outcome.cause).toContain(`wrong queue; packets came in 200 on queue ${arrivalQueue}`);
});

test("goes deaf after as many packets as there were frames in the fill ring", () => {
  const receiver = openReceiver({ ringSize: 8, frames: 16 });
  try {
    const { rxRing } = receiver.socket;
    let received = 0;
    for (let round = 0; round < 5; round++) {
      receiver.injector.injectNow(4);
      const ready = rxRing.peek(8);
      rxRing.release(ready);
      received += ready;
    }
    expect(received).toBe(8);
    expect(receiver.ledger()).toMatchObject({ leaked: 8, conserved: false });
    expect(receiver.explain()).toContain("the fill ring was empty 12 times");
  } finally {
    receiver.close();
  }
});
