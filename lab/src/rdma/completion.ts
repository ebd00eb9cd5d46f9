// What became of a request. The names are those of the InfiniBand specification without their prefix, in words that a person reads.

/** How a request ended. */
export type RdmaCompletionStatus =
  | "success"
  | "local length error"
  | "local protection error"
  | "flushed"
  | "remote invalid request"
  | "remote access error"
  | "remote operation error"
  | "retries exceeded"
  | "receiver not ready"
  | `status ${number}`;

/** @source infiniband/verbs.h, enum ibv_wc_status */
const STATUS: Readonly<Record<number, RdmaCompletionStatus>> = {
  0: "success",
  1: "local length error",
  4: "local protection error",
  5: "flushed",
  9: "remote invalid request",
  10: "remote access error",
  11: "remote operation error",
  12: "retries exceeded",
  13: "receiver not ready",
};

/** The name of a status. */
export function completionStatus(number: number): RdmaCompletionStatus {
  return STATUS[number] ?? `status ${number}`;
}

/** What kind of request it was. @source enum ibv_wc_opcode */
export type RdmaCompletionKind = "send" | "write" | "read" | "receive" | "other";
const KINDS: Readonly<Record<number, RdmaCompletionKind>> = {
  0: "send",
  1: "write",
  2: "read",
  128: "receive",
};

/** The name of a kind. */
export function completionKind(number: number): RdmaCompletionKind {
  return KINDS[number] ?? "other";
}

/** One request that ended. */
export interface RdmaCompletion {
  /** The number that it was posted with. */
  readonly id: number;
  readonly status: RdmaCompletionStatus;
  /** Which kind of request. The device tells it with success only; else it is `null`. */
  readonly kind: RdmaCompletionKind | null;
  /** Bytes that came in, of a message received. */
  readonly bytes: number;
}
