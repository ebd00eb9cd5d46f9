// The states of a queue pair, and what must be said to reach each: fields of `struct ibv_qp_attr`, and a mask of which were filled in. The
// kernel refuses a step that is out of order or says too little (EINVAL).
// @source InfiniBand specification 1.2.1, section 10.3.1; ibv_modify_qp(3), the table of required attributes for RC
import { QUEUE_PAIR_STATE } from "./layout.js";

/** A queue pair as its peer must know it. */
export interface RdmaPeer {
  /** The device's address, e.g. `10.0.0.2`. */
  readonly address: string;
  /** The queue pair's number on that device. */
  readonly number: number;
}

/** The states in which a queue pair is of use, in the order in which they are reached. */
export type QueuePairState = "INIT" | "RTR" | "RTS";

/** What each step needs. */
export interface StateFacts {
  readonly port: number;
  /** Index of our own address in the device's table. */
  readonly gidIndex: number;
  /** The peer's address, 16 bytes. */
  readonly peerGid: Uint8Array;
  readonly peerNumber: number;
}

const NUMBER: Readonly<Record<QueuePairState, number>> = { INIT: 1, RTR: 2, RTS: 3 }; // enum ibv_qp_state
// enum ibv_qp_attr_mask
const [STATE, ACCESS, PKEY, PORT_BIT, AV, PATH_MTU, TIMEOUT, RETRIES] = [
  1,
  1 << 3,
  1 << 4,
  1 << 5,
  1 << 7,
  1 << 8,
  1 << 9,
  1 << 10,
];
const [RNR_RETRIES, RQ_PSN, MAX_READS, MIN_RNR, SQ_PSN, MAX_PEER_READS, PEER_NUMBER] = [
  1 << 11,
  1 << 12,
  1 << 13,
  1 << 15,
  1 << 16,
  1 << 17,
  1 << 20,
];

/** Which fields each step fills in. */
export const STATE_MASKS: Readonly<Record<QueuePairState, number>> = {
  INIT: STATE | PKEY | PORT_BIT | ACCESS,
  RTR: STATE | AV | PATH_MTU | PEER_NUMBER | RQ_PSN | MAX_PEER_READS | MIN_RNR,
  RTS: STATE | TIMEOUT | RETRIES | RNR_RETRIES | SQ_PSN | MAX_READS,
};

const REMOTE_WRITE_AND_READ = 2 | 4;
const MTU_1024 = 3; // enum ibv_mtu: bytes of a message in one packet; the largest that fits an Ethernet frame of 1500
const HOPS = 64;
const READS_AT_ONCE = 4;
/** Where both sides begin to number packets; any number that they agree on. */
const FIRST_PACKET = 0;
/** Wait 0.64 ms before a sender tries again that found no room. @source ibv_modify_qp(3), min_rnr_timer */
const NO_ROOM_WAIT = 12;
/** 4.096 µs * 2^17, half a second: an emulated machine takes its time. */
const ACK_TIMEOUT = 17;
const RETRY_COUNT = 7;
/** Tries again that often where the other side has no room; 7 would be for ever. */
const NO_ROOM_RETRIES = 3;

/** Fills in what it takes to reach a state. @param view `struct ibv_qp_attr`, zeroed */
export function fillState(view: DataView, state: QueuePairState, facts: StateFacts): void {
  const at = QUEUE_PAIR_STATE.fields;
  view.setUint32(at.qp_state, NUMBER[state], true);
  if (state === "INIT") {
    view.setUint8(at.port_num, facts.port);
    view.setUint32(at.qp_access_flags, REMOTE_WRITE_AND_READ, true);
  } else if (state === "RTR") {
    view.setUint32(at.path_mtu, MTU_1024, true);
    view.setUint32(at.dest_qp_num, facts.peerNumber, true);
    view.setUint32(at.rq_psn, FIRST_PACKET, true);
    view.setUint8(at.max_dest_rd_atomic, READS_AT_ONCE);
    view.setUint8(at.min_rnr_timer, NO_ROOM_WAIT);
    new Uint8Array(view.buffer, view.byteOffset + at["ah_attr.grh.dgid"], 16).set(facts.peerGid);
    view.setUint8(at["ah_attr.grh.sgid_index"], facts.gidIndex);
    view.setUint8(at["ah_attr.grh.hop_limit"], HOPS);
    view.setUint8(at["ah_attr.is_global"], 1);
    view.setUint8(at["ah_attr.port_num"], facts.port);
  } else {
    view.setUint32(at.sq_psn, FIRST_PACKET, true);
    view.setUint8(at.timeout, ACK_TIMEOUT);
    view.setUint8(at.retry_cnt, RETRY_COUNT);
    view.setUint8(at.rnr_retry, NO_ROOM_RETRIES);
    view.setUint8(at.max_rd_atomic, READS_AT_ONCE);
  }
}
