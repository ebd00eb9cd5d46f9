// A queue pair: requests go in on one side, and what became of them comes out of its completion queue. It is made in the state RESET and
// is led through INIT (who may reach it), RTR (it knows its peer, and can receive) and RTS (it can send).
import { type Mapping, mapAnonymous, sysError, unmapUnderViews, viewMemory } from "../sys/index.js";
import { completionKind, completionStatus, type RdmaCompletion } from "./completion.js";
import type { DataPath } from "./data-path.js";
import { gidOf } from "./gid.js";
import { COMPLETION, QUEUE_PAIR, QUEUE_PAIR_PLAN, QUEUE_PAIR_STATE } from "./layout.js";
import { done, made, verbs } from "./library.js";
import { type LocalMemory, type RemoteMemory, RequestDesk } from "./request.js";
import { fillState, type QueuePairState, type RdmaPeer, STATE_MASKS } from "./state.js";

const RELIABLE_CONNECTED = 2; // enum ibv_qp_type
const PORT = 1;
const [PLAN_AT, STATE_AT, COMPLETION_AT] = [0, 64, 256];
const PAPER_BYTES = 512;

/** What a queue pair is made of. */
export interface QueuePairSpec {
  readonly context: number;
  readonly domain: number;
  readonly path: DataPath;
  /** Requests that may be on their way at once in each direction, 1 or more. */
  readonly entries: number;
}

/** A reliable connection to one other queue pair. It belongs to one thread. */
export class QueuePair {
  /** Its number on its device, which the peer must know. */
  readonly number: number;
  private readonly path: DataPath;
  private readonly desk: RequestDesk = new RequestDesk();
  private readonly paper: Mapping = mapAnonymous(PAPER_BYTES);
  private readonly view: DataView = new DataView(this.paper.buffer);
  private readonly completions: number;
  private readonly address: number;

  constructor({ context, domain, path, entries }: QueuePairSpec) {
    this.path = path;
    this.completions = made(
      verbs.createCq(context, 2 * entries, 0, 0, 0),
      "ibv_create_cq",
      `make a completion queue of ${2 * entries}`,
    );
    this.planFor(entries);
    this.address = made(
      verbs.createQp(domain, this.paper.address + PLAN_AT),
      "ibv_create_qp",
      "make a queue pair",
    );
    const view = new DataView(viewMemory(this.address, QUEUE_PAIR.bytes));
    this.number = view.getUint32(QUEUE_PAIR.fields.qp_num, true);
  }

  private planFor(entries: number): void {
    const at = QUEUE_PAIR_PLAN.fields;
    const put = (field: keyof typeof at, value: number): void =>
      this.view.setUint32(PLAN_AT + at[field], value, true);
    this.view.setBigUint64(PLAN_AT + at.send_cq, BigInt(this.completions), true);
    this.view.setBigUint64(PLAN_AT + at.recv_cq, BigInt(this.completions), true);
    put("cap.max_send_wr", entries);
    put("cap.max_recv_wr", entries);
    put("cap.max_send_sge", 1);
    put("cap.max_recv_sge", 1);
    put("qp_type", RELIABLE_CONNECTED);
  }

  /**
   * Leads it from RESET to RTS. Both sides must do so before either sends.
   *
   * @param gidIndex our own address in the device's table, from `RdmaDevice.gid`
   * @throws SysError EINVAL for a step out of order; ETIMEDOUT or EHOSTUNREACH where no way leads to the peer.
   */
  connect(gidIndex: number, peer: RdmaPeer): void {
    for (const state of ["INIT", "RTR", "RTS"] as const) this.enter(state, gidIndex, peer);
  }

  /** Takes one step. `connect` takes all three in their order. */
  enter(state: QueuePairState, gidIndex: number, peer: RdmaPeer): void {
    new Uint8Array(this.paper.buffer, STATE_AT, QUEUE_PAIR_STATE.bytes).fill(0);
    const view = new DataView(this.paper.buffer, STATE_AT, QUEUE_PAIR_STATE.bytes);
    fillState(view, state, { port: PORT, gidIndex, peerGid: gidOf(peer.address), peerNumber: peer.number });
    const code = verbs.modifyQp(this.address, this.paper.address + STATE_AT, STATE_MASKS[state]);
    done(code, "ibv_modify_qp", `lead queue pair ${this.number} to ${state}`);
  }

  /** Asks for our bytes to be written into the other side's memory. Nobody there is asked, and nobody told. */
  write(id: number, from: LocalMemory, to: RemoteMemory): void {
    this.post(this.desk.send(id, "write", from, to), "post a write");
  }

  /** Asks for the other side's bytes to be read into our memory. */
  read(id: number, into: LocalMemory, from: RemoteMemory): void {
    this.post(this.desk.send(id, "read", into, from), "post a read");
  }

  /** Asks for a message to be sent; it goes where the other side's next `receive` says. */
  send(id: number, from: LocalMemory): void {
    this.post(this.desk.send(id, "send", from), "post a send");
  }

  /** Gives room for one message. */
  receive(id: number, into: LocalMemory): void {
    const { path, address, desk } = this;
    this.refused(path.postReceive(address, desk.receive(id, into), desk.bad), "post a receive");
  }

  private post(request: number, action: string): void {
    this.refused(this.path.postSend(this.address, request, this.desk.bad), action);
  }

  private refused(code: number, action: string): void {
    if (code !== 0) throw sysError("ibv_post", `${action} on queue pair ${this.number}`, code);
  }

  /** Looks for one request that ended. @returns `null` where none did: look again. */
  poll(): RdmaCompletion | null {
    const found = this.path.poll(this.completions, 1, this.paper.address + COMPLETION_AT) as number;
    if (found === 0) return null;
    const { view } = this;
    const at = (field: keyof typeof COMPLETION.fields): number => COMPLETION_AT + COMPLETION.fields[field];
    const status = completionStatus(view.getUint32(at("status"), true));
    return {
      id: Number(view.getBigUint64(at("wr_id"), true)),
      status,
      kind: status === "success" ? completionKind(view.getUint32(at("opcode"), true)) : null,
      bytes: view.getUint32(at("byte_len"), true),
    };
  }

  /** Gives the queues back, with what is still on its way. */
  close(): void {
    done(verbs.destroyQp(this.address), "ibv_destroy_qp", `give back queue pair ${this.number}`);
    done(verbs.destroyCq(this.completions), "ibv_destroy_cq", "give back a completion queue");
    this.desk.close();
    unmapUnderViews(this.paper);
  }
}
