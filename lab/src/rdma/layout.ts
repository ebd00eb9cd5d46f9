// The structures that libibverbs shares with its callers, as byte offsets in host order; x86-64 and arm64 lay them out alike. The names are
// those of C, so a test can ask a compiler about each (test/rdma/layout.test.ts).
// @source infiniband/verbs.h, rdma-core 44 and 56

/** Bytes of a structure, and where its fields begin. */
export interface VerbsLayout {
  readonly bytes: number;
  readonly fields: Readonly<Record<string, number>>;
}

/** What a send queue is asked for. */
export const SEND_REQUEST = {
  bytes: 128,
  fields: {
    wr_id: 0,
    next: 8,
    sg_list: 16,
    num_sge: 24,
    opcode: 28,
    send_flags: 32,
    "wr.rdma.remote_addr": 40,
    "wr.rdma.rkey": 48,
  },
} as const;

/** Where a message that is sent to us may go. */
export const RECEIVE_REQUEST = {
  bytes: 32,
  fields: { wr_id: 0, next: 8, sg_list: 16, num_sge: 24 },
} as const;

/** A stretch of our own memory. */
export const STRETCH = { bytes: 16, fields: { addr: 0, length: 8, lkey: 12 } } as const;

/** What a completion queue tells of one request. */
export const COMPLETION = {
  bytes: 48,
  fields: { wr_id: 0, status: 8, opcode: 12, vendor_err: 16, byte_len: 20, qp_num: 28 },
} as const;

/** What a new queue pair shall be. */
export const QUEUE_PAIR_PLAN = {
  bytes: 64,
  fields: {
    send_cq: 8,
    recv_cq: 16,
    "cap.max_send_wr": 32,
    "cap.max_recv_wr": 36,
    "cap.max_send_sge": 40,
    "cap.max_recv_sge": 44,
    "cap.max_inline_data": 48,
    qp_type: 52,
    sq_sig_all: 56,
  },
} as const;

/** What changes with a queue pair's state. */
export const QUEUE_PAIR_STATE = {
  bytes: 144,
  fields: {
    qp_state: 0,
    path_mtu: 8,
    rq_psn: 20,
    sq_psn: 24,
    dest_qp_num: 28,
    qp_access_flags: 32,
    "ah_attr.grh.dgid": 56,
    "ah_attr.grh.sgid_index": 76,
    "ah_attr.grh.hop_limit": 77,
    "ah_attr.is_global": 85,
    "ah_attr.port_num": 86,
    pkey_index: 120,
    max_rd_atomic: 126,
    max_dest_rd_atomic: 127,
    min_rnr_timer: 128,
    port_num: 129,
    timeout: 130,
    retry_cnt: 131,
    rnr_retry: 132,
  },
} as const;

/** A registered region: the keys that name it, ours and the other side's. */
export const REGION = { bytes: 48, fields: { lkey: 36, rkey: 40 } } as const;

/** A queue pair, of which only the number is read. */
export const QUEUE_PAIR = { bytes: 160, fields: { qp_num: 52 } } as const;

/** An open device. The three calls of the data path are no functions of the library, but pointers in here, the driver's own. */
export const CONTEXT = {
  bytes: 328,
  fields: { "ops.poll_cq": 96, "ops.post_send": 208, "ops.post_recv": 216 },
} as const;

/** All of them by their names in C. */
export const VERBS_LAYOUTS: Readonly<Record<string, VerbsLayout>> = {
  ibv_send_wr: SEND_REQUEST,
  ibv_recv_wr: RECEIVE_REQUEST,
  ibv_sge: STRETCH,
  ibv_wc: COMPLETION,
  ibv_qp_init_attr: QUEUE_PAIR_PLAN,
  ibv_qp_attr: QUEUE_PAIR_STATE,
  ibv_mr: REGION,
  ibv_qp: QUEUE_PAIR,
  ibv_context: CONTEXT,
};
