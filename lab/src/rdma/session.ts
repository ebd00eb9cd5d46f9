// All of it together: a wire with a device at each end, a target in a process of its own, and two queue pairs that know each other. What
// they tell each other on the way (who I am, where my region is, which key) goes by the target's pipe; on a network it would be a TCP connection.
import { patient } from "../sys/index.js";
import type { RdmaCompletion } from "./completion.js";
import { openRdma, type RdmaDevice } from "./device.js";
import type { QueuePair } from "./queue-pair.js";
import type { RegisteredMemory, RemoteRight } from "./region.js";
import { RdmaTarget } from "./target.js";
import { RdmaWire } from "./wire.js";

const ENDS_WITHIN_MS = 5000;

/** What a session may differ in. */
export interface RdmaSessionSpec {
  /** Length of either region, 4096 unless given. */
  readonly bytes?: number;
  /** What we may do in the target's region: all unless given. */
  readonly rights?: readonly RemoteRight[];
}

/** Two connected ends. */
export interface RdmaSession {
  readonly wire: RdmaWire;
  readonly device: RdmaDevice;
  readonly target: RdmaTarget;
  /** Our queue pair; it leads to the target's. */
  readonly queue: QueuePair;
  /** Our own region. */
  readonly ours: RegisteredMemory;
  /** Connects one more queue pair with a target of its own, e.g. because an error ended this one. */
  again(): Promise<Pick<RdmaSession, "queue" | "target">>;
  /** Ends the targets and removes the wire. */
  close(): Promise<void>;
}

/**
 * Opens a session.
 *
 * @throws NotSupportedError where the machine has no RDMA: what is missing, and what to do. SysError EPERM without root.
 */
export async function openRdmaSession({
  bytes = 4096,
  rights = ["write", "read"],
}: RdmaSessionSpec = {}): Promise<RdmaSession> {
  const closers: (() => void | Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const wire = RdmaWire.create();
    closers.push(() => wire.close());
    const device = openRdma(wire.near.device);
    closers.push(() => device.close());
    const ours = device.register(bytes);
    const meet = async (): Promise<Pick<RdmaSession, "queue" | "target">> => {
      const target = await RdmaTarget.start({ end: wire.far, bytes, rights });
      closers.push(() => target.close());
      const queue = device.queuePair();
      queue.connect(device.gidIndex(wire.near.address), target.peer);
      await target.connect({ address: wire.near.address, number: queue.number });
      return { queue, target };
    };
    return { wire, device, ours, ...(await meet()), again: meet, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Looks until a request has ended. @throws Error after five seconds without */
export function nextCompletion(queue: QueuePair): RdmaCompletion {
  const deadline = performance.now() + patient(ENDS_WITHIN_MS);
  do {
    const completion = queue.poll();
    if (completion !== null) return completion;
  } while (performance.now() < deadline);
  throw new Error(
    `Cannot see a request of queue pair ${queue.number} end: none did within ${patient(ENDS_WITHIN_MS)} ms -> look at the wire's counters()`,
  );
}
