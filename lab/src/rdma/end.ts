// One end of an RDMA wire as plain data, and how to be where it is: what a socket sees depends on the network namespace it is opened in.
import { inNamespace } from "../sys/index.js";

/** One end of the wire. */
export interface RdmaEnd {
  /** The RDMA device, for `openRdma`. */
  readonly device: string;
  /** The interface that carries its packets. */
  readonly netdev: string;
  readonly address: string;
  /** The file of its network namespace; `null` is the one that this process is in. */
  readonly namespace: string | null;
}

/** Both ends in their places. */
export interface RdmaPlace {
  readonly near: RdmaEnd;
  readonly far: RdmaEnd;
  /** Every command that changed the machine, as a person would type it. */
  readonly commands: readonly string[];
  /** Takes the interfaces away, and with them the devices. A second call does nothing. */
  close(): void;
}

/** Runs something where an end is: what it opens, starts or reads of `/proc/thread-self/net` belongs there. It must be synchronous. */
export function atEnd<T>({ namespace }: Pick<RdmaEnd, "namespace">, run: () => T): T {
  return namespace === null ? run() : inNamespace(namespace, run);
}
