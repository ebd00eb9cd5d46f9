// What happened, in order: each system call of the watched threads with its result, and each change of state of the TCP sockets
// in the watched namespaces. For an exchange of a few packets; where many are to be counted, `start.ts` counts them.
import { statSync } from "node:fs";
import { startProgram, type TraceProgram, WINDOW } from "./program.js";
import { syscallName } from "./syscall-names.js";
import { type Watched, watch } from "./watched.js";

/** What to write down. */
export interface TimelineSpec extends Watched {
  /** Namespace files whose TCP sockets are watched, e.g. `/run/netns/a`. */
  readonly namespaces: readonly string[];
}

/** One system call. */
export interface TimelineCall {
  readonly kind: "call";
  /** Since the first event, when it entered the kernel and when it left. */
  readonly atNs: number;
  readonly endNs: number;
  readonly tid: number;
  /** E.g. `accept4`. */
  readonly name: string;
  /** What it returned; below 0 an errno. */
  readonly result: number;
}

/** States of a TCP socket, as RFC 9293 and the kernel name them. */
export type TcpState = (typeof STATES)[number];

/** One change of a TCP socket's state. */
export interface TimelineState {
  readonly kind: "state";
  readonly atNs: number;
  /** Position in `namespaces`. */
  readonly namespace: number;
  readonly from: TcpState;
  readonly to: TcpState;
  readonly localPort: number;
  /** 0 for a listening socket. */
  readonly remotePort: number;
}

export type TimelineEvent = TimelineCall | TimelineState;

/** @source include/net/tcp_states.h, v6.18; the socket that waits in TIME-WAIT is a smaller one, and CLOSE is the last word of the large one */
const STATES = [
  "NONE",
  "ESTABLISHED",
  "SYN-SENT",
  "SYN-RECEIVED",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "TIME-WAIT",
  "CLOSE",
  "CLOSE-WAIT",
  "LAST-ACK",
  "LISTEN",
  "CLOSING",
  "NEW-SYN-RECEIVED",
] as const;

// struct event in kernels/bpf/trace_timeline.bpf.c
const FIELD = {
  at: 0,
  end: 8,
  kind: 16,
  result: 24,
  number: 32,
  tid: 36,
  netns: 40,
  from: 44,
  to: 48,
} as const;
const PORTS = { local: 52, remote: 54 } as const;
const KIND = { none: 0, call: 1 } as const;

/** Runs a piece of the story whose system calls are written down; outside it only states are. */
export type WatchCalls = (piece: () => void) => void;

/**
 * Writes down what happens while a function runs.
 *
 * @param run synchronous, so that no other work of this thread gets between
 * @returns The events in the order in which they began.
 * @throws Error where there were more than 4096 events; whatever `run` throws; nothing stays attached.
 */
export function recordTimeline(spec: TimelineSpec, run: (watchCalls: WatchCalls) => void): TimelineEvent[] {
  const inodes = spec.namespaces.map((path) => statSync(path).ino);
  const program = startProgram("trace_timeline");
  try {
    watch(program, spec);
    program.open(WINDOW.control);
    run((piece) => {
      program.open(WINDOW.experiment);
      try {
        piece();
      } finally {
        program.open(WINDOW.control);
      }
    });
    program.open(WINDOW.closed);
    const lost = program.uncounted();
    if (lost > 0) {
      throw new Error(`Cannot tell the whole story: ${lost} events found no room -> record less at a time`);
    }
    return readEvents(program, inodes);
  } finally {
    program.close();
  }
}

function readEvents(program: TraceProgram, inodes: readonly number[]): TimelineEvent[] {
  const rows = program
    .rows("events")
    .map(({ value }) => value)
    .filter((value) => value.getUint32(FIELD.kind, true) !== KIND.none)
    .sort((a, b) => Number(a.getBigUint64(FIELD.at, true) - b.getBigUint64(FIELD.at, true)));
  const start = rows[0]?.getBigUint64(FIELD.at, true) ?? 0n;
  return rows.flatMap((value): TimelineEvent[] => {
    const since = (field: number): number => Number(value.getBigUint64(field, true) - start);
    if (value.getUint32(FIELD.kind, true) === KIND.call) return [callOf(value, since)];
    const namespace = inodes.indexOf(value.getUint32(FIELD.netns, true));
    return namespace < 0 ? [] : [stateOf(value, since(FIELD.at), namespace)];
  });
}

function callOf(value: DataView, since: (field: number) => number): TimelineCall {
  return {
    kind: "call",
    atNs: since(FIELD.at),
    endNs: since(FIELD.end),
    tid: value.getUint32(FIELD.tid, true),
    name: syscallName(value.getUint32(FIELD.number, true)),
    result: Number(value.getBigInt64(FIELD.result, true)),
  };
}

function stateOf(value: DataView, atNs: number, namespace: number): TimelineState {
  return {
    kind: "state",
    atNs,
    namespace,
    from: STATES[value.getUint32(FIELD.from, true)] ?? "NONE",
    to: STATES[value.getUint32(FIELD.to, true)] ?? "NONE",
    localPort: value.getUint16(PORTS.local, true),
    remotePort: value.getUint16(PORTS.remote, true),
  };
}
