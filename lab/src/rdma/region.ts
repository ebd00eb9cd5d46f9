// Registered memory. What is registered may be used by the device without asking anybody: so its pages are pinned, and whoever
// wants to reach it from outside must name its key and stay inside it.
import { type Mapping, mapAnonymous, unmapUnderViews, viewMemory } from "../sys/index.js";
import { REGION } from "./layout.js";
import { done, made, verbs } from "./library.js";

/** What the other side may do in a region. */
export type RemoteRight = "write" | "read";

const LOCAL_WRITE = 1;
const ACCESS: Readonly<Record<RemoteRight, number>> = { write: 2, read: 4 }; // enum ibv_access_flags

/** A stretch of memory that the device may use. */
export interface RegisteredMemory {
  /** Its bytes; what the other side writes appears here. */
  readonly bytes: Uint8Array;
  /** Where it begins, as both sides name it: an address of the process that owns it. */
  readonly address: number;
  /** The key by which our own requests name it. */
  readonly localKey: number;
  /** The key that the other side must know. */
  readonly remoteKey: number;
  close(): void;
}

/** Registers fresh zeroed memory in a protection domain. */
export function registerMemory(
  domain: number,
  bytes: number,
  rights: readonly RemoteRight[],
): RegisteredMemory {
  const memory = mapAnonymous(bytes);
  const access = rights.reduce((flags, right) => flags | ACCESS[right], LOCAL_WRITE);
  const mr = register(domain, memory, access);
  const view = new DataView(viewMemory(mr, REGION.bytes));
  return {
    bytes: new Uint8Array(memory.buffer, 0, bytes),
    address: memory.address,
    localKey: view.getUint32(REGION.fields.lkey, true),
    remoteKey: view.getUint32(REGION.fields.rkey, true),
    close(): void {
      done(verbs.deregMr(mr), "ibv_dereg_mr", `give back a region of ${bytes} bytes`);
      unmapUnderViews(memory);
    },
  };
}

function register(domain: number, memory: Mapping, access: number): number {
  const { address, lengthBytes } = memory;
  try {
    const mr = verbs.regMr(domain, address, lengthBytes, access) as number;
    return made(mr, "ibv_reg_mr", `register ${lengthBytes} bytes for RDMA`);
  } catch (error) {
    unmapUnderViews(memory);
    throw error;
  }
}
