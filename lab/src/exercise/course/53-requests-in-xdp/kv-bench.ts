// The bench for a program that answers GETs: its map is filled as the server would fill it, it meets one frame, and its verdict
// and the bytes that it left are judged.
import {
  buildKvRequest,
  KV_AT,
  KV_BY,
  KV_CONTENT_BYTES,
  KV_MESSAGE_BYTES,
  KV_PORT,
  KV_STATUS,
  KvStore,
  makeKvValue,
} from "../../../keyvalue/index.js";
import { buildFrame, type FrameSpec, ipv4PseudoSum, isChecksumRight } from "../../../packet/index.js";
import type { CellProgram, ProgramCase } from "../../../xdp/index.js";
import { mismatch, type Outcome, type Step, saw } from "../../types.js";
import { judgeCases, loadedStep } from "../50-the-articles-program/bench.js";

export const IP_AT = 14;
export const UDP_AT = 34;
export const CHECKSUM_AT: number = UDP_AT + 6;
export const MESSAGE_AT = 42;
const FRAME_BYTES = MESSAGE_AT + KV_MESSAGE_BYTES;
const KEY_BYTES = 8;

/** Keys in the map. */
export const CACHED_KEY = 3;
export const OTHER_KEY = 4;

/** One side of the exchange. */
export interface KvPeer {
  readonly mac: string;
  readonly address: string;
  readonly port: number;
}

export const client: KvPeer = { mac: "02:00:00:00:00:0a", address: "10.0.0.1", port: 7001 };
export const server: KvPeer = { mac: "02:00:00:00:00:0b", address: "10.0.0.2", port: KV_PORT };

/** A frame from one to the other. */
export function kvFrame(
  from: KvPeer,
  to: KvPeer,
  payload: Uint8Array,
  spec: Partial<FrameSpec> = {},
): Uint8Array {
  return buildFrame({
    ethernet: { source: from.mac, destination: to.mac },
    ipv4: { source: from.address, destination: to.address },
    udp: { sourcePort: from.port, destinationPort: to.port },
    payload,
    ...spec,
  });
}

export const request: Uint8Array = kvFrame(client, server, buildKvRequest("get", CACHED_KEY, 77));

/** The answer as it should be, but for the time to live and its checksum, which may be the request's. */
export const expectedAnswer: Uint8Array = answerOf();

function answerOf(): Uint8Array {
  const payload = buildKvRequest("get", CACHED_KEY, 77);
  payload[KV_AT.status] = KV_STATUS.found;
  payload[KV_AT.by] = KV_BY.cache;
  payload.set(contentOf(CACHED_KEY), KV_AT.version);
  return kvFrame(server, client, payload);
}

function contentOf(key: number): Uint8Array {
  return new KvStore().put(key, makeKvValue(key, 1000 + key), 0).content;
}

/** A copy with other bytes from an offset on. */
export function patched(frame: Uint8Array, at: number, ...values: number[]): Uint8Array {
  const copy = frame.slice();
  copy.set(values, at);
  return copy;
}

/** Whether UDP's checksum holds; one of 0 says that there is none, and does not. */
export function udpHolds(frame: Uint8Array): boolean {
  if (frame[CHECKSUM_AT] === 0 && frame[CHECKSUM_AT + 1] === 0) return false;
  return isChecksumRight(frame, UDP_AT, FRAME_BYTES, ipv4PseudoSum(frame, IP_AT, FRAME_BYTES - UDP_AT));
}

/** A step: the program, with keys in its map, meets frames one after the other. */
export function meets(action: string, judge: (program: CellProgram) => Outcome): Step<string> {
  return loadedStep(action, (program) => {
    const map = program.object.maps.find(({ spec }) => spec.name === "cache");
    if (map === undefined) return mismatch("a map named cache", "has none: leave the starter's map as it is");
    if (map.spec.keyBytes !== KEY_BYTES || map.spec.valueBytes !== KV_CONTENT_BYTES)
      return mismatch("the map to hold struct kv_content by an 8-byte key", "has another one");
    for (const key of [CACHED_KEY, CACHED_KEY + 2]) {
      const bytes = buildKvRequest("get", key, 0).slice(KV_AT.key, KV_AT.key + KEY_BYTES);
      map.update(bytes, contentOf(key));
    }
    return judge(program);
  });
}

/** A step of frames that have to pass as they came. Each has its name, and the mistake behind another answer. */
export function passesAll(
  action: string,
  frames: readonly (readonly [name: string, frame: Uint8Array, mistake?: string])[],
  right: string,
): Step<string> {
  return meets(action, (program) => {
    for (const [name, packet, mistake] of frames) {
      const asked: ProgramCase = { name, packet, verdict: "PASS", bytes: "as it came" };
      const failed = judgeCases(program, [asked], () => mistake);
      if (failed !== null) return failed;
    }
    return saw(right);
  });
}
