// The harness: one path on a wire of its own, with the injector on one CPU (and the softirq with it) and the consumer on
// another. It runs one load after the other over the open path, and gives for each what was offered, what came, and the
// name of the hop that lost each missing packet.
import { type Injector, Testbed, threeHosts, twoHosts } from "../net/index.js";
import { pathOf } from "./catalogue.js";
import type { Language } from "./consumer-talk.js";
import { checkProbes, PROBES } from "./delivery.js";
import type { FarEnd } from "./far-end.js";
import { addressOfEnd, LOAD_PORT, LONGEST_FRAME_BYTES, loadFrame, SEQUENCE_AT } from "./load.js";
import { mixInjector } from "./mix.js";
import { offerFrames } from "./offer-frames.js";
import { openFar } from "./open-far.js";
import { OWN_PROBE, runByItself } from "./own-load.js";
import type { HopCount, Path, PathName, PathOptions, Place } from "./path.js";
import { cpusWithoutStage, pinForStage } from "./pinning.js";
import { type Load, type Run, runOf } from "./run.js";
import type { Touch } from "./sink.js";

/** Which CPU does what. The softirq runs where the injector runs. */
export interface Cpus {
  readonly injector: number;
  readonly consumer: number;
}

/** What to set up. */
export interface StageSpec {
  readonly path: PathName;
  readonly options?: Partial<PathOptions>;
  /** Frames of the Internet's mix of sizes, `IMIX_FRAME_BYTES`, in place of `options.frameBytes`. */
  readonly imix?: boolean;
  /** What the application does with the bytes; "headers" unless given. */
  readonly touch?: Touch;
  /** Whose loop consumes; "typescript" unless given. */
  readonly language?: Language;
  /** Keep a latency for each packet: for runs at a set rate. */
  readonly paced?: boolean;
  /** Queues of the wire, 1 unless given, and the one that the receiver binds to: the load's unless given. */
  readonly queues?: number;
  readonly queue?: number;
  readonly cpus?: Cpus;
}

export const DEFAULT_OPTIONS: PathOptions = { batch: 64, ringSize: 2048, frameBytes: 60 };

/** Injector first, consumer last: CPU 0 takes most interrupts. On one CPU both share it. */
export function chooseCpus(allowed: readonly number[] = cpusWithoutStage()): Cpus {
  return { injector: allowed[0], consumer: allowed[allowed.length - 1] };
}

/** One path, open. Close it when done. */
export class Stage {
  readonly path: Path;
  readonly cpus: Cpus;
  readonly options: PathOptions;
  readonly testbed: Testbed;
  readonly injector: Injector;
  readonly far: FarEnd;
  private readonly unpin: () => void;
  private dropsBefore: readonly HopCount[] = [];

  private constructor(
    parts: Pick<Stage, "path" | "cpus" | "options" | "testbed" | "injector" | "far">,
    unpin: () => void,
  ) {
    this.path = parts.path;
    this.cpus = parts.cpus;
    this.options = parts.options;
    this.testbed = parts.testbed;
    this.injector = parts.injector;
    this.far = parts.far;
    this.unpin = unpin;
  }

  /**
   * Opens a path and pins the calling thread, which will inject.
   *
   * @throws NotSupportedError or SysError where the path cannot be opened; Error naming the hop where it delivers nothing.
   *   Nothing is left behind.
   */
  static async open(spec: StageSpec): Promise<Stage> {
    const path = pathOf(spec.path);
    const options = {
      ...DEFAULT_OPTIONS,
      ...spec.options,
      ...(spec.imix && { frameBytes: LONGEST_FRAME_BYTES }),
    };
    const { queues = 1 } = spec;
    const { cpus = chooseCpus() } = spec;
    const leadsOn = path.ends === "elsewhere" && path.leadsOn === true;
    const testbed = Testbed.create(leadsOn ? threeHosts({ queues }) : twoHosts({ queues }));
    const unpin = pinForStage(cpus.injector);
    let far: FarEnd | undefined;
    try {
      const [from, to] = [testbed.end("a"), testbed.end("b")];
      const queue = spec.queue ?? (path.seesQueue0 ? 0 : cpus.injector % queues);
      const place: Place = { device: to.device, queue, queues, address: addressOfEnd(to), port: LOAD_PORT };
      far = await openFar(path, spec, { testbed, place, options, cpus });
      const injector = spec.imix
        ? mixInjector(testbed, from, to, path.sees)
        : testbed.injector("a", loadFrame(from, to, options.frameBytes, path.sees), SEQUENCE_AT);
      injector.prepare();
      return new Stage({ path, cpus, options, testbed, injector, far }, unpin);
    } catch (error) {
      await far?.close();
      testbed.close();
      unpin();
      throw error;
    }
  }

  /** Sends a few packets and sees them come. @throws Error naming the hop that lost them. */
  async assertDelivery(): Promise<void> {
    const isItself = this.path.load === "itself";
    const run = await this.run(isItself ? OWN_PROBE : { frames: PROBES });
    if (!isItself || run.received === 0) checkProbes(this.path.title, run.received, run.losses);
  }

  /**
   * Offers a load and waits until all of it has come or is known to be lost.
   *
   * @throws the signal's reason once it is aborted; Error where the consumer died; RangeError for turns of two CPUs, and for a load
   *   that the path cannot take.
   */
  async run(load: Load, signal?: AbortSignal): Promise<Run> {
    const ends = AbortSignal.any([this.far.ended, ...(signal ? [signal] : [])]);
    const offer = this.path.load === "itself" ? runByItself : offerFrames;
    const offered = await offer(this, load, ends);
    const dropsBefore = this.dropsBefore;
    this.dropsBefore = offered.report.drops;
    return runOf({ ...offered, path: this.path.name, load, dropsBefore, consumerCpu: this.consumerCpu });
  }

  /** CPU of the thread that ends the packets; null where the softirq does that brings them, on the injector's. */
  get consumerCpu(): number | null {
    return this.far.tid === null ? null : this.cpus.consumer;
  }

  /** Ends the consumer, removes the wire, and gives the calling thread its CPUs back. */
  async close(): Promise<void> {
    try {
      await this.far.close();
    } finally {
      this.testbed.close();
      this.unpin();
    }
  }
}
