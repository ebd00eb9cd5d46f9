import { Arena, ByteRing, copyBytes, ModelNetwork, PlainWire, Stack, VirtualClock } from "ringside/stack";
import { describe, expect, test } from "vitest";

const numbered = (bytes: Uint8Array): Uint8Array =>
  bytes.map((_, index) => (index * 7 + (index >> 8)) & 0xff);

/** Copies as slowly as one likes. */
function expected(from: Uint8Array, start: number, length: number, into: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(into);
  for (let index = 0; index < length; index++) copy[at + index] = from[start + index]!;
  return copy;
}

describe("copied bytes", () => {
  test("are the right ones at every alignment, length and end of memory, and no others change", () => {
    const from = numbered(new Uint8Array(new ArrayBuffer(701), 3, 697));
    const into = new Uint8Array(new ArrayBuffer(705), 1, 701);
    for (const length of [0, 1, 5, 24, 25, 26, 27, 28, 64, 511, 512, 513, 690])
      for (const start of [0, 1, 2, 3, from.length - length])
        for (const at of [0, 1, 2, 3, into.length - length]) {
          if (start + length > from.length || at + length > into.length) continue;
          into.fill(0xee);
          const wanted = expected(from, start, length, into, at);
          copyBytes(from, start, length, into, at);
          expect(into, `${length} bytes from ${start} to ${at}`).toEqual(wanted);
        }
  });

  test("may lie in two arrays of one memory", () => {
    const memory = new ArrayBuffer(4096);
    const [from, into] = [numbered(new Uint8Array(memory, 7, 1500)), new Uint8Array(memory, 2001, 1500)];
    new Uint8Array(memory, 7, 1500).set(from);
    for (let time = 0; time < 3; time++) {
      for (const length of [40, 700]) {
        into.fill(0);
        const source = new Uint8Array(memory, 7, 1500);
        copyBytes(source, 1, length, into, 2);
        copyBytes(source, 1, length, into, 2); // known by now
        expect(into.subarray(2, 2 + length)).toEqual(from.subarray(1, 1 + length));
        expect(into[2 + length]).toBe(0);
      }
    }
  });
});

describe("an arena", () => {
  test("gives pieces that do not overlap, again after they came back, and none where it is full", () => {
    const arena = new Arena(new Uint8Array(1000), 100, 400);
    const places = [arena.take(64), arena.take(128), arena.take(64)];
    expect(places).toEqual([100, 164, 292]);
    expect(arena.take(64)).toBe(-1);
    arena.give(164, 128);
    expect(arena.take(64)).toBe(-1);
    expect(arena.take(128)).toBe(164);
  });

  test("holds rings whose bytes stay the same while they grow, leave it, or find it full", () => {
    const arena = new Arena(new Uint8Array(3 * 4096), 0, 3 * 4096);
    const rings = Array.from({ length: 3 }, () => new ByteRing(1 << 16, arena));
    const bytes = numbered(new Uint8Array(10_000));
    for (const [index, ring] of rings.entries()) ring.write(bytes, index, 4000 + index);
    for (const [index, ring] of rings.entries()) ring.write(bytes, 4000 + index, 9000 + index);
    rings[1]!.leaveArena();
    arena.bytes.fill(0, 0, 4096);
    const read = new Uint8Array(9000);
    for (const index of [1, 2]) {
      expect(rings[index]!.length).toBe(9000);
      rings[index]!.copyOut(0, 9000, read, 0);
      expect(read).toEqual(bytes.subarray(index, 9000 + index));
    }
  });

  test("has all of its memory back once a stack's connections are gone", () => {
    const network = new ModelNetwork({ seed: 3 });
    const { arena } = network.b;
    const left = (): number => {
      const places: number[] = [];
      for (let at = arena!.take(4096); at >= 0; at = arena!.take(4096)) places.push(at);
      for (const at of places) arena!.give(at, 4096);
      return places.length;
    };
    const before = left();
    const listener = network.b.listenTcp(7, 8);
    const kept = [1, 2, 3].map((port) => {
      const client = network.a.connectTcp({ address: network.b.address, port: 7 }, { localPort: 100 + port });
      network.run(() => listener.acceptable > 0);
      client.write(new Uint8Array(100).fill(port));
      client.shutdown();
      const server = listener.accept()!;
      network.run(() => server.readable === 100);
      server.write(new Uint8Array(100));
      return server;
    });
    expect(left()).toBeLessThan(before);
    for (const server of kept) server.shutdown();
    network.run(() => kept.every(({ state }) => state === "CLOSED"));
    expect(left()).toBe(before);
    const read = new Uint8Array(200);
    expect(kept.map((server) => [server.read(read), read[0]])).toEqual([1, 2, 3].map((port) => [100, port]));
  });
});

test("what has come can be read after the stack was closed", () => {
  const [wire, clock] = [new PlainWire(), new VirtualClock()];
  const a = new Stack({ link: wire.a, clock, address: "10.0.0.1" });
  const b = new Stack({ link: wire.b, clock, address: "10.0.0.2" });
  const settle = (): void => {
    while (a.poll() + b.poll() > 0);
  };
  const listener = b.listenTcp(7, 1);
  const client = a.connectTcp({ address: b.address, port: 7 });
  const [asking, port] = [a.openUdp(8), b.openUdp(8)];
  settle();
  client.write(numbered(new Uint8Array(3000)));
  asking.send({ address: b.address, port: 8 }, Uint8Array.of(1, 2, 3));
  settle();
  const server = listener.accept()!;
  b.close();
  wire.b.bytes.fill(0);
  const read = new Uint8Array(3000);
  expect(server.read(read)).toBe(3000);
  expect(read).toEqual(numbered(new Uint8Array(3000)));
  expect([port.receiveInto(read), ...read.subarray(0, 3)]).toEqual([3, 1, 2, 3]);
});
