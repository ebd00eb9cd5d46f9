// A machine of so many cores that serves short connections, as a simulation of events. A connection is a piece of work on the core of
// its flow, then a place in an accept queue, then a piece of work on the core that takes it; then the next one of that flow begins. A core does
// one piece at a time, the one that has waited longest. Pieces vary by a tenth, drawn from a seed.
import { type Random, seededRandom } from "../stats/index.js";
import type { AcceptModel, AcceptModelOutcome, AcceptPolicy } from "./accept-costs.js";
import { ModelLock } from "./lock.js";
import { stealRule } from "./steal-rule.js";

/** Something that waits: for the core of its flow, or for a server. */
interface Piece {
  readonly flowCore: number;
  readonly sinceNs: number;
}

/** What a core is doing. */
interface Job {
  readonly core: number;
  readonly endNs: number;
  /** The connection's first half, or its second. */
  readonly half: "flow" | "server";
  readonly flowCore: number;
}

const JITTER = 0.1;
/** A queue longer than this share of a flow's open connections makes its core busy, a shorter one than the second not any more. Our choice. */
const BUSY_ABOVE = 0.75;
const BUSY_BELOW = 0.1;

class Machine {
  private readonly model: AcceptModel;
  private readonly cores: number;
  private readonly random: Random;
  private readonly lock: ModelLock = new ModelLock();
  private readonly flowQueues: Piece[][];
  private readonly acceptQueues: Piece[][];
  private readonly busy: boolean[];
  private readonly ownSinceStolen: number[];
  private readonly jobs: (Job | null)[];
  private workedNs = 0;
  private nowNs = 0;
  private served = 0;
  private servedOnCore = 0;

  constructor(model: AcceptModel) {
    this.model = model;
    this.cores = model.flows.length;
    this.random = seededRandom(model.seed);
    this.flowQueues = model.flows.map((open, flowCore) =>
      Array.from({ length: open }, () => ({ flowCore, sinceNs: 0 })),
    );
    this.acceptQueues = model.flows.map(() => []);
    this.busy = model.flows.map(() => false);
    this.ownSinceStolen = model.flows.map(() => 0);
    this.jobs = model.flows.map(() => null);
  }

  run(): AcceptModelOutcome {
    for (let core = 0; core < this.cores; core++) this.begin(core);
    while (this.served < this.model.connections) {
      const job = this.nextToEnd();
      this.nowNs = job.endNs;
      this.jobs[job.core] = null;
      this.end(job);
      for (let core = 0; core < this.cores; core++) if (this.jobs[core] === null) this.begin(core);
    }
    const machineNs = this.nowNs * this.cores;
    return {
      connectionsPerSecond: (this.served / this.nowNs) * 1e9,
      onCore: this.servedOnCore / this.served,
      waiting: this.lock.waitedNs / machineNs,
      idle: Math.max(0, 1 - this.workedNs / machineNs),
    };
  }

  private nextToEnd(): Job {
    const jobs = this.jobs.filter((job) => job !== null);
    return jobs.reduce((first, job) => (job.endNs < first.endNs ? job : first));
  }

  /** A piece is done: the connection waits for a server, or a new one of its flow begins. */
  private end({ half, core, flowCore }: Job): void {
    const piece = { flowCore, sinceNs: this.nowNs };
    if (half === "flow") {
      const queue = this.queueFor(this.model.policy, flowCore);
      this.acceptQueues[queue]!.push(piece);
      this.judgeBusy(queue);
      return;
    }
    this.served++;
    if (core === flowCore) this.servedOnCore++;
    this.flowQueues[flowCore]!.push(piece);
  }

  private queueFor(policy: AcceptPolicy, flowCore: number): number {
    if (policy === "shared") return 0;
    return policy === "hash" ? Math.floor(this.random() * this.cores) : flowCore;
  }

  private judgeBusy(queue: number): void {
    const open = this.model.flows[queue]!;
    const waiting = this.acceptQueues[queue]!.length;
    if (waiting > BUSY_ABOVE * open) this.busy[queue] = true;
    else if (waiting < BUSY_BELOW * open) this.busy[queue] = false;
  }

  /** Gives a core the piece that has waited longest of those it may take. */
  private begin(core: number): void {
    const flow = this.flowQueues[core]![0];
    const queue = this.choose(core);
    const accepted = queue === null ? undefined : this.acceptQueues[queue]![0];
    if (flow !== undefined && (accepted === undefined || flow.sinceNs <= accepted.sinceNs)) {
      this.flowQueues[core]!.shift();
      this.work(core, "flow", flow.flowCore, this.model.costs.flowNs);
    } else if (accepted !== undefined) {
      this.take(core, queue!);
    }
  }

  private choose(core: number): number | null {
    const { policy } = this.model;
    if (policy === "shared") return this.acceptQueues[0]!.length > 0 ? 0 : null;
    if (policy !== "steal") return this.acceptQueues[core]!.length > 0 ? core : null;
    const waiting = this.acceptQueues.map((queue) => queue.length);
    return stealRule({ core, waiting, busy: this.busy, ownSinceStolen: this.ownSinceStolen[core]! });
  }

  private take(core: number, queue: number): void {
    const { flowCore } = this.acceptQueues[queue]!.shift()!;
    this.judgeBusy(queue);
    if (this.model.policy === "steal")
      this.ownSinceStolen[core] = queue === core ? this.ownSinceStolen[core]! + 1 : 0;
    const { serverNs, remoteNs } = this.model.costs;
    this.work(core, "server", flowCore, serverNs + (core === flowCore ? 0 : remoteNs));
  }

  /** Occupies a core. Under `shared` every piece first takes the listener's lock: it puts a connection into the queue, or takes one out. */
  private work(core: number, half: Job["half"], flowCore: number, ns: number): void {
    const { lockNs, handoverNs } = this.model.costs;
    const held = this.model.policy === "shared" ? lockNs : 0;
    const unlockedNs = this.lock.take(core, this.nowNs, held, handoverNs);
    const endNs = unlockedNs + Math.max(0, ns - held) * (1 + JITTER * (2 * this.random() - 1));
    this.workedNs += endNs - this.nowNs;
    this.jobs[core] = { core, endNs, half, flowCore };
  }
}

/**
 * Serves short connections on a machine of `flows.length` cores.
 *
 * @throws RangeError for no core, no connection or a cost below 0
 */
export function runAcceptModel(model: AcceptModel): AcceptModelOutcome {
  const { flows, connections, costs } = model;
  const open = flows.reduce((sum, each) => sum + each, 0);
  const isSound = Object.values(costs).every((ns) => ns >= 0) && costs.flowNs + costs.serverNs > 0;
  if (!(open > 0 && connections >= 1 && isSound)) {
    throw new RangeError(
      `Cannot simulate ${connections} connections on ${flows.length} cores with ${open} open: at least one core, one open connection and costs of 0 or more are needed -> start from flows [8, 8] and 10 000 connections`,
    );
  }
  return new Machine(model).run();
}

/**
 * Connections a second on so many cores over those on one, every core with as many open connections.
 *
 * @param cores 1 or more
 * @param open connections that are always open, for each core
 */
export function speedUp(
  policy: AcceptPolicy,
  costs: AcceptModel["costs"],
  cores: number,
  { open = 16, connections = 2000, seed = 1 }: { open?: number; connections?: number; seed?: number } = {},
): number {
  const on = (count: number): number => {
    const flows = Array.from({ length: count }, () => open);
    return runAcceptModel({ policy, costs, flows, connections: connections * count, seed })
      .connectionsPerSecond;
  };
  return on(cores) / on(1);
}
