// Follows the packets of an injection through the testbed, one by one: which program said what, where a redirect went, what
// entered the stack, what was dropped and why, what a socket took. It slows what it watches: no rates from here.
import { statSync } from "node:fs";
import type { Injection, Testbed } from "../net/index.js";
import {
  attachXdpLink,
  type BpfLink,
  inNamespace,
  interfaceIndex,
  u32Key,
  type XdpMode,
} from "../sys/index.js";
import type { XdpProgram } from "../xdp/index.js";
import { forgetEvents, readPacketEvents, readTallies, writtenEvents } from "./packet-events.js";
import { type PacketNames, type PacketWay, type TracedProgram, waysOf } from "./packet-way.js";
import { startProgram, type TraceProgram, WINDOW } from "./program.js";
import { loadTraced } from "./traced-program.js";

/** What to follow. */
export interface PacketTraceSpec {
  /** Byte of each frame where the injector writes its number, 8 bytes that nobody else needs: behind the headers. */
  readonly numberAt: number;
  /** Follows each n-th packet; 1, and so each, unless given. */
  readonly every?: number;
}

/** Every followed packet of one injection. */
export interface PacketWays {
  readonly injection: Injection;
  /** From this host the packets came. */
  readonly from: string;
  readonly every: number;
  /** In the order of their numbers. */
  readonly ways: readonly PacketWay[];
  /** How many ended where, most first. */
  readonly ends: readonly { readonly end: string; readonly packets: number }[];
}

/** A tracer on a testbed. It is closed with the testbed. */
export interface PacketTracer {
  /** Attaches a program with the tracer around it: its bytecode and its maps are the ones that were loaded. @throws as `attachXdp` */
  attach(host: string, program: XdpProgram, mode?: XdpMode): BpfLink;
  /** Injects frames and tells each one's way. @param frame at least `numberAt + 8` bytes; a frame of no protocol unless given @throws Error where there were more events than the tracer has room for */
  inject(host: string, frames: number, frame?: Uint8Array): Promise<PacketWays>;
  close(): void;
}

const TRACEPOINTS = ["packet_redirected", "redirect_failed", "packet_entered"];
/** What differs between kernels, the newest first: drops name their socket from 6.11 on, sockets speak from 6.3 on. */
const BY_KERNEL = [
  ["packet_dropped", "socket_took"],
  ["packet_dropped_before_6_11", "socket_took"],
  ["packet_dropped_before_6_11"],
];
const SETTLE_MS = 20;
const DEADLINE_MS = 1000;
const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * Starts a tracer for a testbed.
 *
 * @throws SysError EPERM without root; RangeError for a place or a step that cannot be
 */
export function tracePackets(testbed: Testbed, { numberAt, every = 1 }: PacketTraceSpec): PacketTracer {
  if (!(Number.isInteger(every) && every > 0)) {
    throw new RangeError(`Cannot follow every ${every}th packet: it takes a whole number above 0 -> try 1`);
  }
  const tracer = startTracer(numberAt, every);
  const names = namesOf(testbed);
  for (const netns of names.hosts.keys()) tracer.put("namespaces", u32Key(netns), new Uint8Array(4));
  const session = { testbed, tracer, names, numberAt, every };
  return testbed.own({
    attach: (host, program, mode = "native") => attachTraced(session, host, program, mode),
    inject: (host, frames, frame) => follow(session, host, frames, frame),
    close: () => tracer.close(),
  });
}

interface Session {
  readonly testbed: Testbed;
  readonly tracer: TraceProgram;
  readonly names: PacketNames & { readonly programs: TracedProgram[] };
  readonly numberAt: number;
  readonly every: number;
}

function startTracer(numberAt: number, every: number): TraceProgram {
  const constants = new Uint8Array(Uint32Array.of(numberAt, every).buffer);
  const failures: unknown[] = [];
  for (const functions of BY_KERNEL) {
    try {
      const programs = [...TRACEPOINTS, ...functions];
      return startProgram("trace_packets", { programs, initialValues: { ".rodata": constants } });
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}

function namesOf(testbed: Testbed): Session["names"] {
  const { hosts, wires } = testbed.spec;
  const inode = new Map(hosts.map((host) => [host, statSync(testbed.path(host)).ino]));
  const devices = wires.flatMap(({ a, b }) =>
    [a, b].map(({ host, device }) => {
      const index = inNamespace(testbed.path(host), () => interfaceIndex(device));
      return [`${inode.get(host)}/${index}`, device] as const;
    }),
  );
  return {
    hosts: new Map([...inode].map(([host, number]) => [number, host])),
    devices: new Map(devices),
    programs: [],
  };
}

function attachTraced(
  { testbed, tracer, names }: Session,
  host: string,
  program: XdpProgram,
  mode: XdpMode,
): BpfLink {
  const end = testbed.end(host);
  const traced = testbed.own(loadTraced(tracer.object, program, names.programs.length));
  names.programs.push({ host: end.host, device: end.device, name: program.name, mode });
  testbed.own(program);
  const link = inNamespace(testbed.path(end.host), () =>
    attachXdpLink(traced.fd, interfaceIndex(end.device), mode),
  );
  return testbed.own(link);
}

async function follow(
  { testbed, tracer, names, numberAt, every }: Session,
  host: string,
  frames: number,
  frame: Uint8Array | undefined,
): Promise<PacketWays> {
  const injector = testbed.injector(host, frame, numberAt);
  try {
    forgetEvents(tracer);
    tracer.open(WINDOW.experiment);
    const injection = await injector.inject(frames);
    settle(tracer);
    tracer.open(WINDOW.closed);
    const lost = tracer.uncounted();
    if (lost > 0) {
      throw new Error(
        `Cannot tell the way of ${frames} packets: ${lost} events found no room -> inject fewer, or pass a larger every`,
      );
    }
    const record = { events: readPacketEvents(tracer, frames), tallies: readTallies(tracer), names };
    const ways = waysOf(record, frames, every);
    return { injection, from: host, every, ways, ends: countEnds(ways) };
  } finally {
    tracer.open(WINDOW.closed);
    injector.close();
  }
}

/** Waits until nothing was written for a while: packets may go on on other CPUs. */
function settle(tracer: TraceProgram): void {
  const deadlineMs = performance.now() + DEADLINE_MS;
  for (let last = -1; performance.now() < deadlineMs; Atomics.wait(never, 0, 0, SETTLE_MS)) {
    const now = writtenEvents(tracer);
    if (now === last) return;
    last = now;
  }
}

function countEnds(ways: readonly PacketWay[]): PacketWays["ends"] {
  const counts = new Map<string, number>();
  for (const { end } of ways) counts.set(end, (counts.get(end) ?? 0) + 1);
  return [...counts].map(([end, packets]) => ({ end, packets })).sort((a, b) => b.packets - a.packets);
}
