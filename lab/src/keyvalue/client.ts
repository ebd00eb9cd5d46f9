// The client that makes the load: a program writes each request into a frame of the injector, and another checks every answer
// as it comes in and drops it (kernels/bpf/kv_client.bpf.c). So what is measured is the server, and no answer goes unread.
import { Injector, type Testbed } from "../net/index.js";
import { buildFrame } from "../packet/index.js";
import { addressOfEnd, flowControl } from "../paths/index.js";
import { type BpfObject, loadKernelObject, u32Key } from "../sys/index.js";
import { attachXdp, type XdpProgram } from "../xdp/index.js";
import { KV_MESSAGE_BYTES, KV_OP, KV_PORT } from "./message.js";
import { KV_SCHEDULE_SLOTS, type KvAsk } from "./schedule.js";

/** Source port of the load; sockets get other ones, and their answers reach them. */
const CLIENT_PORT = 7001;

/** Answers by kind, as the checking program counted them. */
export interface KvAnswerCounts {
  /** Values found, by who answered. */
  readonly fromCache: number;
  readonly fromServer: number;
  readonly missing: number;
  /** PUTs acknowledged. */
  readonly stored: number;
  /** What no answer may be. */
  readonly badChecksum: number;
  readonly torn: number;
  readonly stale: number;
  readonly malformed: number;
}

/** What came of a load. Every request is in it once. */
export interface KvLoadCounts extends KvAnswerCounts {
  readonly requests: number;
  /** All answers, right and wrong. */
  readonly answers: number;
  /** Requests without an answer: on either way lost. */
  readonly unanswered: number;
  /** Until the last answer, in seconds. */
  readonly seconds: number;
}

/** The order of `struct answers`. */
const KINDS = [
  "fromCache",
  "fromServer",
  "missing",
  "stored",
  "badChecksum",
  "torn",
  "stale",
  "malformed",
] as const satisfies readonly (keyof KvAnswerCounts)[];
/** How long answers may be on their way after the last request, in ms. */
const SETTLE_MS = 500;

const never = new Int32Array(new SharedArrayBuffer(4));

/** A load on one host. It is closed with the testbed. */
export class KvClient {
  private readonly injector: Injector;
  private readonly object: BpfObject;

  /** @param host where requests leave from @param schedule what is asked, in turn, again and again */
  constructor(testbed: Testbed, host: string, schedule: readonly KvAsk[]) {
    const [from, to] = [testbed.end(host), testbed.peer(host)];
    const frame = buildFrame({
      ethernet: { source: from.mac, destination: to.mac },
      ipv4: { source: addressOfEnd(from), destination: addressOfEnd(to) },
      udp: { sourcePort: CLIENT_PORT, destinationPort: KV_PORT },
      payload: new Uint8Array(KV_MESSAGE_BYTES),
    });
    let loaded: BpfObject | undefined;
    this.injector = testbed.own(
      new Injector(
        testbed,
        host,
        frame,
        undefined,
        (target) => (loaded = loadClient(target, frame, schedule)),
      ),
    );
    this.object = loaded!;
    const check: XdpProgram = {
      name: "check",
      object: this.object,
      program: this.object.program("check"),
      close: () => undefined, // the injector closes the object
    };
    attachXdp(testbed, host, check);
    this.injector.prepare();
  }

  /**
   * Asks, and waits for the answers.
   *
   * @param requests how many; `Infinity` together with `seconds`
   * @param inFlight most requests without an answer
   * @throws the signal's reason
   */
  async load(
    requests: number,
    { inFlight, seconds, signal }: { inFlight: number; seconds?: number; signal?: AbortSignal },
  ): Promise<KvLoadCounts> {
    const before = this.counts();
    const startMs = performance.now();
    const received = (): number => sumOf(this.counts()) - sumOf(before);
    const room = flowControl({ received }, inFlight);
    const sent = await this.injector.inject(requests, {
      ratePps: Number.POSITIVE_INFINITY,
      allow: (asked) => (room(asked) < inFlight / 4 ? 0 : room(asked)), // few calls of many frames
      ...(seconds !== undefined && { seconds }),
      ...(signal && { signal }),
    });
    let lastMs = performance.now();
    for (
      const endMs = lastMs + SETTLE_MS;
      received() < sent.offered && lastMs < endMs;
      lastMs = performance.now()
    ) {
      Atomics.wait(never, 0, 0, 0.05);
    }
    const after = this.counts();
    const answers = sumOf(after) - sumOf(before);
    const kinds = Object.fromEntries(KINDS.map((kind) => [kind, after[kind] - before[kind]]));
    return {
      ...(kinds as unknown as KvAnswerCounts),
      requests: sent.offered,
      answers,
      unanswered: sent.offered - answers,
      seconds: (lastMs - startMs) / 1000,
    };
  }

  /** Since it was opened. */
  counts(): KvAnswerCounts {
    const words = this.object.map("answers").readCounters(0);
    return Object.fromEntries(KINDS.map((kind, i) => [kind, words[i]])) as unknown as KvAnswerCounts;
  }

  /** The newest version of a key that an answer to a PUT has told of, 0 for none. */
  acknowledged(key: number): number {
    return this.object.map("acknowledged").readCounters(key)[0]!;
  }
}

function loadClient(target: number, frame: Uint8Array, schedule: readonly KvAsk[]): BpfObject {
  const constants = new Uint8Array(8);
  const view = new DataView(constants.buffer);
  view.setUint32(0, target, true);
  view.setUint16(4, KV_PORT, false);
  view.setUint16(6, CLIENT_PORT, false);
  const object = loadKernelObject("kv_client", { initialValues: { ".rodata": constants } });
  const request = object.map("request");
  const headers = new Uint8Array(request.spec.valueBytes);
  headers.set(frame.subarray(0, frame.length - KV_MESSAGE_BYTES));
  request.update(u32Key(0), headers);
  const asks = Array.from({ length: KV_SCHEDULE_SLOTS }, (_, slot) => schedule[slot % schedule.length]!);
  const words = Uint32Array.from(asks.flatMap(({ key, op }) => [key, KV_OP[op]]));
  object.map("schedule").update(u32Key(0), new Uint8Array(words.buffer));
  return object;
}

function sumOf(counts: KvAnswerCounts): number {
  return KINDS.reduce((sum, kind) => sum + counts[kind], 0);
}
