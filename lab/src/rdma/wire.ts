// Two RDMA devices of software, and a veth pair between them: each end in a network namespace of its own where this kernel's soft-RoCE
// listens there, and both in the machine's first one where it does not. Who uses the wire need not care; `atEnd` is at home in both.
import { NotSupportedError } from "../base/index.js";
import { CommandLog } from "../net/index.js";
import { type RdmaNamespaces, rdmaHere, rdmaNamespacesHere } from "../sys/index.js";
import { portCounters, type RdmaCounters } from "./counters.js";
import type { RdmaEnd, RdmaPlace } from "./end.js";
import { OneNamespace } from "./one-namespace.js";
import { TwoNamespaces } from "./two-namespaces.js";

/** Two devices that reach each other by a veth pair. Close it: with the pair the devices go, too. */
export class RdmaWire {
  /** How many network namespaces the ends are in, 1 or 2. */
  readonly namespaces: 1 | 2;
  /** Why so many: what was seen of this kernel. */
  readonly why: string;
  private readonly place: RdmaPlace;
  private readonly first: readonly string[];

  private constructor({ namespaces, reason }: RdmaNamespaces, first: readonly string[]) {
    [this.namespaces, this.why, this.first] = [namespaces, reason, first];
    this.place = namespaces === 2 ? new TwoNamespaces() : new OneNamespace();
  }

  /**
   * Makes the wire, and removes what killed runs left.
   *
   * @throws NotSupportedError where the machine has no soft-RoCE: it says what is missing, and what to do. SysError EPERM without root.
   */
  static create(): RdmaWire {
    const { available, reason, next } = rdmaHere();
    if (!available) throw new NotSupportedError("RDMA", "an RDMA device or soft-RoCE", reason, next);
    const log = new CommandLog();
    log.run("modprobe", "-a", "rdma_rxe", "ib_uverbs");
    return new RdmaWire(rdmaNamespacesHere(), log.lines);
  }

  /** Our end. */
  get near(): RdmaEnd {
    return this.place.near;
  }

  /** The other end. */
  get far(): RdmaEnd {
    return this.place.far;
  }

  /** What the drivers of both ends have counted so far. */
  counters(): { readonly near: RdmaCounters; readonly far: RdmaCounters } {
    return { near: portCounters(this.near), far: portCounters(this.far) };
  }

  /** Every command that changed the machine, as a person would type it. */
  get commands(): readonly string[] {
    return [...this.first, ...this.place.commands];
  }

  /** Removes the wire, and with it both devices. Whoever has one open closes it first. A second call does nothing. */
  close(): void {
    this.place.close();
  }
}
