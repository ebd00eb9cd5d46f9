// Losses that were none, after which the window is put back: F-RTO (RFC 5682), D-SACK (RFC 3708), and RACK's patience (RFC 8985).
import { ModelNetwork } from "ringside/stack";
import { describe, expect, test } from "vitest";
import { type Pair, pair, sendSegments, textBytesOf, wait } from "./pair.js";

/**
 * Keeps frames of one side back.
 *
 * @param holds by a frame's number among those with text, from 1; 0 is one without
 * @returns What lets them go, in their order.
 */
function keepBack({ network }: Pair, from: "a" | "b", holds: (number: number) => boolean): () => void {
  const held: Uint8Array[] = [];
  let number = 0;
  network.wire.onSend = (frame, side) => {
    if (side !== from || !holds(textBytesOf(frame) > 0 ? ++number : 0)) return undefined;
    held.push(frame.slice());
    return true;
  };
  return () => {
    network.wire.onSend = null;
    for (const frame of held.splice(0)) network.wire.launch(from, frame);
  };
}

/** Writes and does not wait. */
function write({ client }: Pair, segments: number): void {
  const bytes = segments * client.info().mss;
  expect(client.write(new Uint8Array(bytes))).toBe(bytes);
}

/** Reads all that is on its way. @returns How many bytes came. */
function drain({ network, client, server }: Pair): number {
  const into = new Uint8Array(65_536);
  let got = 0;
  network.run(() => {
    for (let bytes = server.read(into); bytes > 0; bytes = server.read(into)) got += bytes;
    return client.unacknowledged === 0;
  });
  return got;
}

describe("a timeout", () => {
  test("that was too early is found out by what comes then, and costs one copy and no window", () => {
    const both = pair();
    sendSegments(both, 40);
    const { cwndBytes, mss } = both.client.info();
    const letGo = keepBack(both, "b", () => true);
    write(both, 100);
    wait(both.network, 260); // the timeout is 200 ms
    const { counters } = both.network.a;
    expect(counters.timeouts).toBe(1);
    expect(both.client.info().cwndBytes).toBe(mss);
    letGo();
    wait(both.network, 1.5);
    expect(counters).toMatchObject({ spuriousTimeouts: 1, undone: 1 });
    expect(both.client.info().cwndBytes).toBeGreaterThanOrEqual(cwndBytes);
    expect(drain(both)).toBe(100 * mss);
    expect(counters).toMatchObject({ timeouts: 1, retransmitted: 1, fastRecoveries: 0 });
  });

  test("with nothing new to send is undone by the peer's word alone", () => {
    const both = pair();
    sendSegments(both, 40);
    const { cwndBytes, mss } = both.client.info();
    const letGo = keepBack(both, "b", () => true);
    write(both, 1);
    wait(both.network, 260);
    letGo();
    expect(drain(both)).toBe(mss);
    wait(both.network, 10);
    expect(both.network.a.counters).toMatchObject({ timeouts: 1, spuriousTimeouts: 0, undone: 1 });
    expect(both.client.info().ssthreshBytes).toBeGreaterThanOrEqual(cwndBytes);
  });

  test("after a real loss stands: what is new is named, what was lost is not", () => {
    const both = pair();
    sendSegments(both, 40);
    const { cwndBytes, mss } = both.client.info();
    keepBack(both, "a", () => true); // and nobody lets them go
    write(both, 100);
    wait(both.network, 150);
    both.network.wire.onSend = null;
    expect(drain(both)).toBe(100 * mss);
    expect(both.network.a.counters).toMatchObject({ timeouts: 1, spuriousTimeouts: 0, undone: 0 });
    expect(both.client.info().ssthreshBytes).toBeLessThan(cwndBytes);
  });

  test("within a recovery is believed", () => {
    const both = pair();
    sendSegments(both, 40);
    keepBack(both, "a", (number) => number === 1 || number === 11); // a segment and its copy
    write(both, 10);
    wait(both.network, 150);
    keepBack(both, "a", () => false);
    const letGo = keepBack(both, "b", () => true);
    write(both, 60);
    wait(both.network, 700);
    letGo();
    drain(both);
    expect(both.network.a.counters.timeouts).toBeGreaterThan(0);
    expect(both.network.a.counters.spuriousTimeouts).toBe(0);
  });
});

/** One segment of twenty comes so much later than it should. */
function delayOne(both: Pair, lateMs: number, which = 3): void {
  const letGo = keepBack(both, "a", (number) => number === which);
  write(both, 20);
  wait(both.network, lateMs);
  letGo();
  drain(both);
  wait(both.network, 10);
}

describe("a copy that was needless", () => {
  test("gives back the window that it cost, once the peer has said so", () => {
    const both = pair();
    sendSegments(both, 40);
    const { cwndBytes } = both.client.info();
    delayOne(both, 2.5);
    const { counters } = both.network.a;
    expect(counters).toMatchObject({ fastRecoveries: 1, retransmitted: 1, duplicatesTold: 1, undone: 1 });
    expect(both.client.info().ssthreshBytes).toBeGreaterThanOrEqual(cwndBytes); // slow start leads there, without a burst
    sendSegments(both, 100);
    expect(both.client.info().cwndBytes).toBeGreaterThanOrEqual(cwndBytes);
  });

  test("makes the sender more patient, up to a round trip, and sixteen recoveries make it forget", () => {
    const both = pair();
    sendSegments(both, 40);
    delayOne(both, 0.3, 15); // the last but one that the window lets out at once: no loss, but that this path reorders is known from now on
    const { counters } = both.network.a;
    expect(counters.retransmitted).toBe(0);
    const needless = (): number => {
      const before = counters.retransmitted;
      delayOne(both, 1.5); // of 2 ms: three quarters
      return counters.retransmitted - before;
    };
    const first = Array.from({ length: 6 }, needless);
    expect(first[0]).toBe(1);
    expect(first.slice(3)).toEqual([0, 0, 0]);
    for (let recovery = 0; recovery < 16; recovery++) {
      keepBack(both, "a", (number) => number === 3);
      write(both, 20);
      drain(both);
    }
    expect(needless()).toBe(1);
  });

  test("is not told from the other, where one was lost and the network made a copy of its neighbour", () => {
    const both = pair();
    const { network } = both;
    sendSegments(both, 40);
    let number = 0;
    network.wire.onSend = (frame, from) => {
      if (from !== "a" || textBytesOf(frame) === 0) return undefined;
      number++;
      if (number === 5) network.wire.launch("a", frame.slice());
      return number === 3;
    };
    write(both, 20);
    drain(both);
    wait(network, 10);
    expect(network.a.counters).toMatchObject({ fastRecoveries: 1, undone: 0 });
    expect(network.a.counters.duplicatesTold).toBeGreaterThan(0);
  });
});

test("what was really lost is never undone: 200 streams through loss of one side's segments", () => {
  let lost = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const network = new ModelNetwork({ seed, delayMs: 1 });
    const listener = network.b.listenTcp(80, 4);
    const client = network.a.connectTcp({ address: network.b.address, port: 80 });
    network.run(() => listener.acceptable === 1);
    const both = { network, client, server: listener.accept()!, listener };
    const loss = [0.01, 0.05, 0.2][seed % 3]!;
    network.wire.onSend = (frame, from) => {
      const isLost = from === "a" && textBytesOf(frame) > 0 && network.wire.random() < loss;
      lost += isLost ? 1 : 0;
      return isLost;
    };
    write(both, 100);
    expect(drain(both)).toBe(100 * client.info().mss);
    const { undone, spuriousTimeouts } = network.a.counters;
    expect({ seed, undone, spuriousTimeouts }).toEqual({ seed, undone: 0, spuriousTimeouts: 0 });
  }
  expect(lost).toBeGreaterThan(1000);
});
