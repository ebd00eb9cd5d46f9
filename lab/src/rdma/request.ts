// The memory in which a request is laid out before it is posted: one request and the one stretch of our memory that it names. The driver
// copies it into its own queue when it is posted, so the next request may take its place at once.
import { type Mapping, mapAnonymous, unmapUnderViews } from "../sys/index.js";
import { RECEIVE_REQUEST, SEND_REQUEST, STRETCH } from "./layout.js";
import type { RegisteredMemory } from "./region.js";

/** @source infiniband/verbs.h, enum ibv_wr_opcode */
const OPCODE = { write: 0, send: 2, read: 4 } as const;
export type Operation = keyof typeof OPCODE;

const SIGNALED = 2; // enum ibv_send_flags: a completion is wanted
const [SEND_AT, RECEIVE_AT, STRETCH_AT, BAD_AT] = [0, 128, 192, 256];
const DESK_BYTES = 512;
const LITTLE = true;

/** A part of a region of our own. */
export interface LocalMemory {
  readonly region: RegisteredMemory;
  /** First byte in it, 0 unless given. */
  readonly at?: number;
  /** Its length, to the region's end unless given. */
  readonly bytes?: number;
}

/** Memory of the other side: its address there, and the key that its owner told us. */
export interface RemoteMemory {
  readonly address: number;
  readonly remoteKey: number;
}

/** Lays out one request at a time. */
export class RequestDesk {
  private readonly memory: Mapping = mapAnonymous(DESK_BYTES);
  private readonly view: DataView = new DataView(this.memory.buffer);

  /** Where the driver leaves which request it refused. */
  get bad(): number {
    return this.memory.address + BAD_AT;
  }

  /** Lays out a request to send, write or read. @returns Its address. */
  send(id: number, operation: Operation, stretch: LocalMemory, target?: RemoteMemory): number {
    const { fields } = SEND_REQUEST;
    this.put(SEND_AT, fields, id, stretch);
    this.view.setUint32(SEND_AT + fields.opcode, OPCODE[operation], LITTLE);
    this.view.setUint32(SEND_AT + fields.send_flags, SIGNALED, LITTLE);
    this.view.setBigUint64(SEND_AT + fields["wr.rdma.remote_addr"], BigInt(target?.address ?? 0), LITTLE);
    this.view.setUint32(SEND_AT + fields["wr.rdma.rkey"], target?.remoteKey ?? 0, LITTLE);
    return this.memory.address + SEND_AT;
  }

  /** Lays out room for a message. @returns Its address. */
  receive(id: number, stretch: LocalMemory): number {
    this.put(RECEIVE_AT, RECEIVE_REQUEST.fields, id, stretch);
    return this.memory.address + RECEIVE_AT;
  }

  private put(
    at: number,
    fields: typeof RECEIVE_REQUEST.fields | typeof SEND_REQUEST.fields,
    id: number,
    { region, at: first = 0, bytes = region.bytes.length - first }: LocalMemory,
  ): void {
    const { view, memory } = this;
    view.setBigUint64(at + fields.wr_id, BigInt(id), LITTLE);
    view.setBigUint64(at + fields.next, 0n, LITTLE);
    view.setBigUint64(at + fields.sg_list, BigInt(memory.address + STRETCH_AT), LITTLE);
    view.setInt32(at + fields.num_sge, 1, LITTLE);
    view.setBigUint64(STRETCH_AT + STRETCH.fields.addr, BigInt(region.address + first), LITTLE);
    view.setUint32(STRETCH_AT + STRETCH.fields.length, bytes, LITTLE);
    view.setUint32(STRETCH_AT + STRETCH.fields.lkey, region.localKey, LITTLE);
  }

  close(): void {
    unmapUnderViews(this.memory);
  }
}
