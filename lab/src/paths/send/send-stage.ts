// The harness for sending: one path at host a, which sends from the calling thread, and at host b somebody who counts. Either a
// native drop, the least that can be done with a packet; or a thread that receives by AF_XDP and checks that each one came, once
// and in order. The softirq of the receiving end runs on the sender's CPU, as always on a veth.
import { setImmediate as nextTurn } from "node:timers/promises";
import { Testbed, twoHosts } from "../../net/index.js";
import { inNamespace, monotonicNs, performanceMs, threadCpuNs } from "../../sys/index.js";
import { pathOf } from "../catalogue.js";
import { checkProbes, PROBES } from "../delivery.js";
import type { FarEnd } from "../far-end.js";
import { flowControl } from "../flow-control.js";
import { addressOfEnd, LOAD_PORT, LONGEST_FRAME_BYTES, loadFrame } from "../load.js";
import { IMIX_FRAME_BYTES } from "../mix.js";
import { openFar } from "../open-far.js";
import type { HopCount } from "../path.js";
import { pinForStage } from "../pinning.js";
import { dropsBetween } from "../run.js";
import { type Cpus, chooseCpus, DEFAULT_OPTIONS } from "../stage.js";
import { sendPathOf } from "./catalogue.js";
import { openSender } from "./native-sender.js";
import { dueAt, type SendLoad, type SendRun, type SendStageSpec } from "./send-run.js";
import type { Sender, SendOptions, SendPath, SendPlace } from "./sender.js";
import { SentFrames } from "./sent-frames.js";

/** How long the event loop may have to wait, in ms. */
const TURN_MS = 20;
/** How long what was taken may wait to leave, and for how long nothing must have come at the far end, in ms. */
const SETTLE_MS = 1000;
const QUIET_MS = 300;
/** How long to wait for a far end that allows no more packets, in ms. */
const ALLOW_MS = 0.05;

/** A first packet is due so long after the run began, so that everyone is ready. */
const LEAD_NS = 2e6;

const never = new Int32Array(new SharedArrayBuffer(4));

/** One sending path, open. Close it when done. */
export class SendStage {
  readonly path: SendPath;
  readonly options: SendOptions;
  readonly testbed: Testbed;
  readonly far: FarEnd;
  /** The first sends. */
  readonly cpus: Cpus;
  private readonly sender: Sender;
  private readonly unpin: () => void;
  /** Number of this run's first packet, and of the next one. */
  private first = 0;
  private next = 0;
  private before: readonly HopCount[] = [];

  private constructor(
    parts: Pick<SendStage, "path" | "options" | "testbed" | "far" | "cpus">,
    sender: Sender,
    unpin: () => void,
  ) {
    this.path = parts.path;
    this.options = parts.options;
    this.testbed = parts.testbed;
    this.far = parts.far;
    this.cpus = parts.cpus;
    this.sender = sender;
    this.unpin = unpin;
  }

  /** Opens a path and pins the calling thread, which will send. @throws NotSupportedError or SysError; nothing is left behind. */
  static async open(spec: SendStageSpec): Promise<SendStage> {
    const {
      to: receives = "xdp-drop",
      paced = false,
      imix = false,
      frameBytes = imix ? LONGEST_FRAME_BYTES : DEFAULT_OPTIONS.frameBytes,
      queues = 1,
      queue = 0,
      language = "typescript",
      cpus = chooseCpus(),
    } = spec;
    const path = sendPathOf(spec.path);
    const options = { ...DEFAULT_OPTIONS, ...spec.options, frameBytes };
    const testbed = Testbed.create(twoHosts({ queues }));
    const unpin = pinForStage(cpus.injector);
    let far: FarEnd | undefined;
    try {
      const [from, to] = [testbed.end("a"), testbed.end("b")];
      const farPlace = { device: to.device, queue: 0, queues, address: addressOfEnd(to), port: LOAD_PORT };
      far = await openFar(pathOf(receives), { paced }, { testbed, place: farPlace, options, cpus });
      const place: SendPlace = {
        device: from.device,
        queue,
        address: addressOfEnd(from),
        farAddress: addressOfEnd(to),
        port: LOAD_PORT,
        frames: new SentFrames(
          (imix ? IMIX_FRAME_BYTES : [frameBytes]).map((bytes) => loadFrame(from, to, bytes, "payload")),
        ),
      };
      const sender = inNamespace(testbed.path("a"), () => openSender(path, language, place, options));
      return new SendStage({ path, options, testbed, far, cpus }, sender, unpin);
    } catch (error) {
      await far?.close();
      testbed.close();
      unpin();
      throw error;
    }
  }

  /** Sends a few packets and sees them come. @throws Error naming the hop that lost them. */
  async assertDelivery(): Promise<void> {
    const { received, losses } = await this.run({ packets: PROBES });
    checkProbes(this.path.title, received, losses);
  }

  /**
   * Sends a load and waits until all of it has come or is known to be lost.
   *
   * @throws the signal's reason once it is aborted; Error where the far end died.
   */
  async run(load: SendLoad, signal?: AbortSignal): Promise<SendRun> {
    const ends = AbortSignal.any([this.far.ended, ...(signal ? [signal] : [])]);
    await this.far.wake?.();
    const startNs = monotonicNs() + LEAD_NS;
    await this.begin(startNs, load.ratePps);
    const cpuBefore = threadCpuNs();
    const dueMs = performanceMs(startNs); // may be over by now, where the far end was slow to begin
    const began = load.ratePps === undefined ? performance.now() : dueMs;
    const sent = await this.send(load, ends, dueMs);
    const seconds = (performance.now() - began) / 1000;
    const cpuNs = threadCpuNs() - cpuBefore;
    const { taken, losses, latencies } = await this.finish(sent);
    const lost = losses.reduce((sum, { packets }) => sum + packets, 0);
    return {
      ...{
        path: this.path.name,
        sent,
        seconds,
        sentPps: sent / seconds,
        received: taken.packets,
        taken,
        losses,
      },
      unaccounted: sent - taken.packets - lost,
      cpuNsPerPacket: cpuNs / sent,
      cpus: {
        sender: this.cpus.injector,
        consumer: this.far.tid === null ? null : this.cpus.consumer,
      },
      latencies,
    };
  }

  /** Tells the far end that a run begins. @param startNs when its first packet is due, where it has a rate */
  async begin(startNs = 0, ratePps?: number): Promise<void> {
    this.first = this.next;
    const intervalNs = ratePps === undefined ? 0 : 1e9 / ratePps;
    await this.far.begin({ first: this.first, startNs, intervalNs });
  }

  /** Sends without a word to the far end. @param startMs when the first packet is due, where there is a rate @returns How many left. */
  async send(load: SendLoad, signal?: AbortSignal, startMs: number = performance.now()): Promise<number> {
    const { packets = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY, inFlight } = load;
    const allow = inFlight === undefined ? () => this.options.batch : flowControl(this.far, inFlight);
    const due = dueAt(load.ratePps, startMs);
    const start = this.next;
    const endMs = (load.ratePps === undefined ? performance.now() : startMs) + seconds * 1000;
    for (let turnMs = performance.now(); performance.now() < endMs; ) {
      const sent = this.next - start;
      if (sent >= packets) break;
      const allowed = allow(this.next - this.first);
      const count = Math.min(this.options.batch, packets - sent, allowed, due() - sent);
      if (allowed <= 0) Atomics.wait(never, 0, 0, ALLOW_MS);
      else if (count <= 0)
        await nextTurn(); // not due yet
      else {
        const taken = this.sender.send(this.next, count);
        this.next += typeof taken === "number" ? taken : await taken;
        if (taken === 0) this.sender.flush();
      }
      if (performance.now() - turnMs > TURN_MS) {
        await nextTurn();
        signal?.throwIfAborted();
        turnMs = performance.now();
      }
    }
    const lateMs = performance.now() + SETTLE_MS;
    while (!this.sender.flush() && performance.now() < lateMs) await nextTurn();
    return this.next - start;
  }

  /** Waits for what is on its way, and asks the far end what came. @param sent in this run */
  async finish(sent: number): Promise<Pick<SendRun, "taken" | "losses" | "latencies">> {
    const onTheirWay = (): number => sent - this.far.received();
    for (let last = onTheirWay(), ms = performance.now(); onTheirWay() > 0; await nextTurn()) {
      const now = performance.now();
      if (onTheirWay() !== last) [last, ms] = [onTheirWay(), now];
      if (now - ms > QUIET_MS) break;
      Atomics.wait(never, 0, 0, 1);
    }
    const { taken, drops, latencies } = await this.far.finish();
    const counted = [...this.wireDrops(), ...drops];
    const losses = dropsBetween(this.before, counted);
    this.before = counted;
    return { taken, losses, latencies };
  }

  /** What the driver of the sending end dropped: the far end's ring was full. @source drivers/net/veth.c, veth_xmit, v6.18 */
  private wireDrops(): HopCount[] {
    const packets = this.testbed.facts("a").txDropped;
    return [{ hop: "ring of the far end full", packets, next: "send fewer at once, or pass inFlight" }];
  }

  /** Ends the sender and the far end, removes the wire, and gives the calling thread its CPUs back. */
  async close(): Promise<void> {
    try {
      this.sender.close();
    } finally {
      await this.far.close();
      this.testbed.close();
      this.unpin();
    }
  }
}
