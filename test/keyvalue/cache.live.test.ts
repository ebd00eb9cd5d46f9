import {
  buildKvRequest,
  CacheWriter,
  cacheCounts,
  KV_AT,
  KV_BY,
  KV_CONTENT_BYTES,
  KV_PORT,
  KV_STATUS,
  KvStore,
  loadCache,
  makeKvValue,
  readKvMessage,
} from "ringside/keyvalue";
import { seededRandom } from "ringside/stats";
import { isRunnable, runProgram, type XdpProgram } from "ringside/xdp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  FRAME_BYTES,
  frameOf,
  IP_AT,
  isGetForServer,
  MESSAGE_AT,
  patched,
  SERVER,
  sumsOf,
  UDP_AT,
} from "./frames.js";

const CACHED = [1, 2, 3];
let program: XdpProgram;
const store = new KvStore();

beforeAll(() => {
  program = loadCache(SERVER, { capacity: 16, port: KV_PORT, locked: true });
  const writer = new CacheWriter(program.object.map("cache").spec);
  for (const key of CACHED) writer.write(key, store.put(key, makeKvValue(key, key * 10), 0));
});
afterAll(() => program.close());

/** Passed to the stack, and not a byte of it changed. */
function expectPassed(frame: Uint8Array, what: string): void {
  const { verdict, bytes } = runProgram(program, frame);
  expect(verdict, what).toBe("PASS");
  expect(bytes, what).toEqual(frame);
}

describe("the cache in front of the kernel", () => {
  test("answers a GET in its own frame: addresses swapped, value and version in place, both checksums right", () => {
    for (const key of CACHED) {
      const request = frameOf(
        { ipv4: { source: "10.0.0.1", destination: SERVER, ttl: 3 } },
        buildKvRequest("get", key, 5),
      );
      const { verdict, bytes } = runProgram(program, request);
      expect(verdict).toBe("TX");
      expect(bytes).toHaveLength(request.length);
      expect(sumsOf(bytes)).toEqual({ ip: true, udp: true });
      const reply = frameOf({
        ethernet: { source: "02:00:00:00:00:0b", destination: "02:00:00:00:00:0a" },
        ipv4: { source: SERVER, destination: "10.0.0.1", ttl: 64 },
        udp: { sourcePort: KV_PORT, destinationPort: 7001 },
      });
      expect(bytes.subarray(0, IP_AT)).toEqual(reply.subarray(0, IP_AT));
      expect(bytes.subarray(IP_AT, UDP_AT)).toEqual(reply.subarray(IP_AT, UDP_AT));
      expect(readKvMessage(bytes, MESSAGE_AT)).toMatchObject({
        status: KV_STATUS.found,
        by: KV_BY.cache,
        id: 5,
        key,
        version: 1,
        value: makeKvValue(key, key * 10),
      });
    }
  });

  test("passes a key that it lacks, and a PUT, untouched", () => {
    const before = cacheCounts(program);
    expectPassed(frameOf({}, buildKvRequest("get", 99, 1)), "absent key");
    expectPassed(frameOf({}, buildKvRequest("put", 1, 1, makeKvValue(1, 1))), "PUT");
    const { hits, misses, puts } = cacheCounts(program);
    expect([hits - before.hits, misses - before.misses, puts - before.puts]).toEqual([0, 1, 1]);
  });

  test("leaves out the checksum that the client left out", () => {
    const { verdict, bytes } = runProgram(program, patched(frameOf(), UDP_AT + 6, 0, 0));
    expect([verdict, bytes[UDP_AT + 6], bytes[UDP_AT + 7]]).toEqual(["TX", 0, 0]);
  });

  test("makes no right answer of a damaged request: its checksum stays wrong", () => {
    const broken = patched(frameOf(), MESSAGE_AT + KV_AT.id, 0xff);
    expect(sumsOf(broken).udp).toBe(false);
    const { verdict, bytes } = runProgram(program, broken);
    expect([verdict, sumsOf(bytes).udp]).toEqual(["TX", false]);
  });

  test("passes every cut of a request, and the kernel hands it none below 14 bytes", () => {
    const whole = frameOf();
    for (let length = 0; length < FRAME_BYTES; length++) {
      const cut = whole.subarray(0, length);
      expect(isRunnable(cut)).toBe(length >= 14);
      if (length >= 14) expectPassed(cut, `${length} bytes`);
    }
    expect(runProgram(program, whole).verdict).toBe("TX");
  });

  test("passes what it does not wholly understand, untouched", () => {
    const ipv4 = { source: "10.0.0.1", destination: SERVER };
    const ipv6 = { source: "fd00::1", destination: "fd00::2" };
    const plain = frameOf();
    const others: Readonly<Record<string, Uint8Array>> = {
      VLAN: frameOf({ vlan: [{ vlanId: 7 }] }),
      QinQ: frameOf({ vlan: [{ vlanId: 7 }, { vlanId: 8 }] }),
      IPv6: frameOf({ ipv6 }),
      "first fragment": frameOf({ ipv4: { ...ipv4, flags: 1 } }),
      "later fragment": frameOf({ ipv4: { ...ipv4, fragmentOffset: 1 } }),
      "IP options": frameOf({ ipv4: { ...ipv4, options: new Uint8Array([1, 1, 1, 0]) } }),
      "another address": frameOf({ ipv4: { ...ipv4, destination: "10.0.0.3" } }),
      broadcast: frameOf({ ipv4: { ...ipv4, destination: "255.255.255.255" } }),
      "another port": frameOf({ udp: { sourcePort: 1, destinationPort: 7002 } }),
      "a reply": patched(plain, MESSAGE_AT + KV_AT.status, KV_STATUS.found),
      "no operation": patched(plain, MESSAGE_AT + KV_AT.op, 0),
      "another protocol": patched(plain, IP_AT + 9, 17 ^ 0xff),
      "another magic": patched(plain, MESSAGE_AT + KV_AT.magic, 0),
      "UDP length too long": patched(plain, UDP_AT + 4, 0xff, 0xff),
      "IP length too long": patched(plain, IP_AT + 2, 0xff, 0xff),
      "IP version 6 in an IPv4 frame": patched(plain, IP_AT, 0x65),
      "header of 0 words": patched(plain, IP_AT, 0x40),
    };
    for (const [what, frame] of Object.entries(others)) expectPassed(frame, what);
    expect(runProgram(program, frameOf({ ipv4: { ...ipv4, flags: 2 } })).verdict).toBe("TX"); // don't fragment
    expect(runProgram(program, frameOf({ padTo: 200 })).verdict).toBe("TX"); // padding behind the packet
  });

  test("agrees with the packet library on 20 000 damaged and random frames", () => {
    const seed = Date.now() % 2 ** 31;
    const random = seededRandom(seed);
    const below = (limit: number): number => Math.floor(random() * limit);
    let answered = 0;
    for (let i = 0; i < 20_000; i++) {
      const frame = frameOf({}, buildKvRequest(random() < 0.8 ? "get" : "put", below(5), below(2 ** 30)));
      for (let flips = below(4); flips > 0; flips--) frame[below(FRAME_BYTES)]! ^= 1 << below(8);
      const cut = random() < 0.1 ? frame.subarray(0, 14 + below(FRAME_BYTES - 14)) : frame;
      const packet = random() < 0.05 ? cut.map(() => below(256)) : cut;
      const key = packet.length < FRAME_BYTES ? null : readKvMessage(packet, MESSAGE_AT);
      const high = packet.subarray(MESSAGE_AT + KV_AT.key, MESSAGE_AT + KV_AT.key + 4);
      const isCached = key !== null && CACHED.includes(key.key) && high.every((byte) => byte === 0);
      const { verdict, bytes } = runProgram(program, packet);
      const what = `seed ${seed}, packet ${i}: ${Buffer.from(packet).toString("hex")}`;
      expect(verdict, what).toBe(isGetForServer(packet) && isCached ? "TX" : "PASS");
      if (verdict === "PASS")
        expect(
          bytes.every((byte, at) => byte === packet[at]),
          what,
        ).toBe(true);
      else {
        answered++;
        const [before, after] = [sumsOf(packet), sumsOf(bytes)];
        expect(after.ip, what).toBe(before.ip);
        if (packet[UDP_AT + 6] !== 0 || packet[UDP_AT + 7] !== 0) expect(after.udp, what).toBe(before.udp);
      }
    }
    expect(answered).toBeGreaterThan(3000);
  });

  test("holds as many bytes of content as the server writes", () => {
    expect(program.object.map("cache").spec.valueBytes).toBe(8 + KV_CONTENT_BYTES);
  });
});
