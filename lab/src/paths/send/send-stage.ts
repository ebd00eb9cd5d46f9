// The harness for sending: one path at host a, which sends from the calling thread, and at host b somebody who counts. Either a
// native drop, the least that can be done with a packet; or a thread that receives by AF_XDP and checks that each one came, once
// and in order. The softirq of the receiving end runs on the sender's CPU, as always on a veth.
import { setImmediate as nextTurn } from "node:timers/promises";
import { Testbed, twoHosts } from "../../net/index.js";
import { inNamespace, threadCpuNs } from "../../sys/index.js";
import { pathOf } from "../catalogue.js";
import type { FarEnd } from "../far-end.js";
import { flowControl } from "../flow-control.js";
import { addressOfEnd, LOAD_PORT, loadFrame } from "../load.js";
import { openFar } from "../open-far.js";
import type { HopCount } from "../path.js";
import { pinForStage } from "../pinning.js";
import { dropsBetween } from "../run.js";
import type { Taken } from "../sink.js";
import { type Cpus, chooseCpus, DEFAULT_OPTIONS } from "../stage.js";
import { sendPathOf } from "./catalogue.js";
import type { Sender, SendOptions, SendPath, SendPathName, SendPlace } from "./sender.js";

/** What to set up. */
export interface SendStageSpec {
  readonly path: SendPathName;
  readonly options?: Partial<SendOptions>;
  /** Frame length without check sequence, 60 to 1514; 60 unless given. */
  readonly frameBytes?: number;
  /** Who is at the far end: a program that drops (unless given), or a thread that checks each packet. */
  readonly end?: "drop" | "check";
  readonly cpus?: Cpus;
}

/** What to send. One of `packets` and `seconds`, or both. */
export interface SendLoad {
  readonly packets?: number;
  readonly seconds?: number;
  /** Sends no more than so many before they have come. */
  readonly inFlight?: number;
}

/** What came of it. */
export interface SendRun {
  readonly path: SendPathName;
  readonly sent: number;
  readonly seconds: number;
  /** Packets a second that the sender got rid of, until the last one had left. */
  readonly sentPps: number;
  readonly received: number;
  /** What the far end saw of them; only a checking one sees order and sums. */
  readonly taken: Taken;
  readonly losses: readonly HopCount[];
  /** Packets that neither came nor were counted as lost; anything but 0 is a fault of ours. */
  readonly unaccounted: number;
  /** CPU time of the sending thread a packet, the receiving end's softirq included, in ns. */
  readonly cpuNsPerPacket: number;
}

/** How long the event loop may have to wait, in ms. */
const TURN_MS = 20;
/** How long what was taken may wait to leave, and for how long nothing must have come at the far end, in ms. */
const SETTLE_MS = 1000;
const QUIET_MS = 300;
/** How long to wait for a far end that allows no more packets, in ms. */
const ALLOW_MS = 0.05;

const never = new Int32Array(new SharedArrayBuffer(4));

/** One sending path, open. Close it when done. */
export class SendStage {
  readonly path: SendPath;
  readonly options: SendOptions;
  readonly testbed: Testbed;
  readonly far: FarEnd;
  private readonly sender: Sender;
  private readonly unpin: () => void;
  /** Number of this run's first packet, and of the next one. */
  private first = 0;
  private next = 0;
  private before: readonly HopCount[] = [];

  private constructor(
    parts: Pick<SendStage, "path" | "options" | "testbed" | "far">,
    sender: Sender,
    unpin: () => void,
  ) {
    this.path = parts.path;
    this.options = parts.options;
    this.testbed = parts.testbed;
    this.far = parts.far;
    this.sender = sender;
    this.unpin = unpin;
  }

  /** Opens a path and pins the calling thread, which will send. @throws NotSupportedError or SysError; nothing is left behind. */
  static async open(spec: SendStageSpec): Promise<SendStage> {
    const { end = "drop", frameBytes = DEFAULT_OPTIONS.frameBytes, cpus = chooseCpus() } = spec;
    const path = sendPathOf(spec.path);
    const options = { ...DEFAULT_OPTIONS, ...spec.options, frameBytes };
    const testbed = Testbed.create(twoHosts());
    const unpin = pinForStage(cpus.injector);
    try {
      const [from, to] = [testbed.end("a"), testbed.end("b")];
      const farPath = pathOf(end === "drop" ? "xdp-drop" : "xdp-need-wakeup");
      const farPlace = { device: to.device, queue: 0, queues: 1, address: addressOfEnd(to), port: LOAD_PORT };
      const far = await openFar(farPath, {}, { testbed, place: farPlace, options, cpus });
      const place: SendPlace = {
        device: from.device,
        address: addressOfEnd(from),
        farAddress: addressOfEnd(to),
        port: LOAD_PORT,
        frame: loadFrame(from, to, frameBytes, "payload"),
      };
      const sender = inNamespace(testbed.path("a"), () => path.open(place, options));
      return new SendStage({ path, options, testbed, far }, sender, unpin);
    } catch (error) {
      testbed.close();
      unpin();
      throw error;
    }
  }

  /** Sends a load and waits until all of it has come or is known to be lost. @throws the signal's reason once it is aborted */
  async run(load: SendLoad, signal?: AbortSignal): Promise<SendRun> {
    await this.begin();
    const cpuBefore = threadCpuNs();
    const began = performance.now();
    const sent = await this.send(load, signal);
    const seconds = (performance.now() - began) / 1000;
    const cpuNs = threadCpuNs() - cpuBefore;
    const { taken, losses } = await this.finish(sent);
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
    };
  }

  /** Tells the far end that a run begins. */
  async begin(): Promise<void> {
    this.first = this.next;
    await this.far.begin({ first: this.first, startNs: 0, intervalNs: 0 });
  }

  /** Sends without a word to the far end. @returns How many packets left. */
  async send(load: SendLoad, signal?: AbortSignal): Promise<number> {
    const { packets = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY, inFlight } = load;
    const allow = inFlight === undefined ? () => this.options.batch : flowControl(this.far, inFlight);
    const start = this.next;
    const endMs = performance.now() + seconds * 1000;
    for (let turnMs = performance.now(); performance.now() < endMs; ) {
      const sent = this.next - start;
      const count = Math.min(this.options.batch, packets - sent, allow(this.next - this.first));
      if (sent >= packets) break;
      if (count <= 0) Atomics.wait(never, 0, 0, ALLOW_MS);
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
  async finish(sent: number): Promise<{ taken: Taken; losses: HopCount[] }> {
    const onTheirWay = (): number => sent - this.far.received();
    for (let last = onTheirWay(), ms = performance.now(); onTheirWay() > 0; await nextTurn()) {
      const now = performance.now();
      if (onTheirWay() !== last) [last, ms] = [onTheirWay(), now];
      if (now - ms > QUIET_MS) break;
      Atomics.wait(never, 0, 0, 1);
    }
    const { taken, drops } = await this.far.finish();
    const counted = [...this.wireDrops(), ...drops];
    const losses = dropsBetween(this.before, counted);
    this.before = counted;
    return { taken, losses };
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
      await this.far.close();
    } finally {
      this.testbed.close();
      this.unpin();
    }
  }
}
