// What the tracer wrote down, one entry for each place that a followed packet passed, in the order of time.
import { u32Key } from "../sys/index.js";
import type { TraceProgram } from "./program.js";

/** One entry, as `struct packet_event` of kernels/bpf/trace_packets.bpf.c has it. */
export interface PacketEvent {
  readonly atNs: bigint;
  /** The number that the injector wrote into the frame. */
  readonly number: number;
  readonly kind: "program" | "redirect" | "stack" | "dropped";
  /** Inode number of the network namespace, 0 where the program's number tells. */
  readonly netns: number;
  /** program: its number; redirect: interface, or the map's index; stack: interface. */
  readonly place: number;
  /** program: verdict; redirect: 0 or an errno below 0; dropped: reason. */
  readonly detail: number;
  /** redirect: type of the map, 0 without one. */
  readonly more: number;
}

const KINDS = ["program", "redirect", "stack", "dropped"] as const;
const FIELD = { at: 0, number: 8, kind: 16, netns: 20, place: 24, detail: 28, more: 32 } as const;

/** How many entries there are. */
export function writtenEvents({ object }: TraceProgram): number {
  return object.map("written").readCounters(0)[0]!;
}

/** Begins anew. */
export function forgetEvents({ object }: TraceProgram): void {
  object.map("written").update(u32Key(0), new Uint8Array(8));
  const tallies = object.map("tallies");
  for (const key of tallies.keys()) tallies.delete(key);
}

/** All packets of one namespace, by what became of them; those that nobody follows are among them. */
export interface NamespaceTally {
  readonly netns: number;
  readonly kind: "entered" | "dropped" | "taken";
  /** Local port of the socket that took them, 0 for the other kinds. */
  readonly port: number;
  readonly packets: number;
}

const TALLY_KINDS = ["entered", "dropped", "taken"] as const;

/** Reads what was counted in each namespace. */
export function readTallies(program: TraceProgram): NamespaceTally[] {
  return program.rows("tallies").map(({ key, value }) => ({
    netns: key.getUint32(0, true),
    kind: TALLY_KINDS[key.getUint32(4, true)]!,
    port: key.getUint32(8, true),
    packets: Number(value.getBigUint64(0, true)),
  }));
}

/** Reads the entries about packets that were numbered from 0 to `packets - 1`. */
export function readPacketEvents(program: TraceProgram, packets: number): PacketEvent[] {
  const events = program.object.map("events");
  const count = Math.min(events.spec.maxEntries, writtenEvents(program));
  return Array.from({ length: count }, (_, i) => eventAt(events.lookup(u32Key(i))!))
    .filter(({ number }) => number < packets)
    .sort((a, b) => (a.atNs < b.atNs ? -1 : a.atNs > b.atNs ? 1 : 0));
}

function eventAt(bytes: Uint8Array): PacketEvent {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    atNs: view.getBigUint64(FIELD.at, true),
    number: Number(view.getBigUint64(FIELD.number, true)),
    kind: KINDS[view.getUint32(FIELD.kind, true) - 1]!,
    netns: view.getUint32(FIELD.netns, true),
    place: view.getUint32(FIELD.place, true),
    detail: view.getInt32(FIELD.detail, true),
    more: view.getUint32(FIELD.more, true),
  };
}
