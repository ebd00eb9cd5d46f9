// The way of a packet: the places that it passed, in order, and where it was seen last. From that follows what a capture on
// each interface would have seen: a capture is fed by the stack, behind any XDP program.
import { errnoName, type XdpMode } from "../sys/index.js";
import { verdictName, type XdpVerdict } from "../xdp/index.js";
import type { NamespaceTally, PacketEvent } from "./packet-events.js";
import { dropReason } from "./skbs.js";

/** An interface of the testbed. */
export interface PacketPlace {
  readonly host: string;
  readonly device: string;
}

/** A program that is watched. */
export interface TracedProgram extends PacketPlace {
  readonly name: string;
  readonly mode: XdpMode;
}

/** One place that a packet passed. */
export type PacketStep =
  | (TracedProgram & { readonly at: "program"; readonly verdict: XdpVerdict })
  /** The kernel carried out a redirect, to an interface, an AF_XDP socket or a CPU; or it failed, with an errno's name. */
  | { readonly at: "redirect"; readonly host: string; readonly to: string; readonly error: string | null }
  | (PacketPlace & { readonly at: "stack" })
  | { readonly at: "dropped"; readonly host: string; readonly reason: string }
  | { readonly at: "socket"; readonly host: string; readonly port: number };

/** A packet from the injector on. */
export interface PacketWay {
  readonly number: number;
  readonly steps: readonly PacketStep[];
  /** Where it was seen last, in words: `dropped: NO_SOCKET`, `socket on port 7`, `XDP_DROP by article on veth-b`. */
  readonly end: string;
  /** Interfaces on which tcpdump would have seen it come in. */
  readonly captured: readonly string[];
}

/** What the numbers in events stand for. */
export interface PacketNames {
  /** Host by its namespace's inode number. */
  readonly hosts: ReadonlyMap<number, string>;
  /** Interface's name by namespace and index, as `<inode>/<index>`. */
  readonly devices: ReadonlyMap<string, string>;
  readonly programs: readonly TracedProgram[];
}

/** What was written down of an injection. */
export interface PacketRecord {
  readonly events: readonly PacketEvent[];
  readonly tallies: readonly NamespaceTally[];
  readonly names: PacketNames;
}

/** Tells the way of packets 0, `every`, 2 `every`, ... @param packets how many were injected */
export function waysOf(
  { events, tallies, names }: PacketRecord,
  packets: number,
  every: number,
): PacketWay[] {
  const steps = new Map<number, PacketStep[]>();
  for (let number = 0; number < packets; number += every) steps.set(number, []);
  for (const event of events) steps.get(event.number)?.push(stepOf(event, names));
  const ports = portsOf(tallies, names);
  for (const own of steps.values()) {
    if (!isInStack(own)) continue;
    const { host } = own.at(-1)!;
    const port = ports.get(host);
    if (port !== undefined) own.push({ at: "socket", host, port });
  }
  return [...steps].map(([number, own]) => ({
    number,
    steps: own,
    end: endOf(own),
    captured: capturedOn(own),
  }));
}

/** Whether a packet is with the stack, as far as its steps tell: a generic program has passed it, or none ran behind its entry. */
function isInStack(steps: readonly PacketStep[]): boolean {
  const last = steps.at(-1);
  return (
    last?.at === "stack" || (last?.at === "program" && last.mode === "generic" && last.verdict === "PASS")
  );
}

/**
 * Sockets do not say which packet they took. But where one socket of a host took as many as entered its stack and were
 * not dropped, it took each of these.
 */
function portsOf(tallies: readonly NamespaceTally[], { hosts }: PacketNames): ReadonlyMap<string, number> {
  return new Map(
    [...hosts].flatMap(([netns, host]) => {
      const own = tallies.filter((tally) => tally.netns === netns);
      const sum = (wanted: NamespaceTally["kind"]): number =>
        own.filter(({ kind }) => kind === wanted).reduce((all, { packets }) => all + packets, 0);
      const ports = own.filter(({ kind }) => kind === "taken");
      const all = ports.length === 1 && sum("entered") - sum("dropped") === sum("taken");
      return all ? [[host, ports[0]!.port] as const] : [];
    }),
  );
}

// enum bpf_map_type
const MAP = { devmap: 14, cpumap: 16, xskmap: 17, devmapHash: 25 } as const;

function stepOf(event: PacketEvent, { hosts, devices, programs }: PacketNames): PacketStep {
  const { netns, place, detail, more } = event;
  const host = hosts.get(netns) ?? "?";
  const device = (index: number): string => devices.get(`${netns}/${index}`) ?? `interface ${index}`;
  switch (event.kind) {
    case "program":
      return { at: "program", ...programs[place]!, verdict: verdictName(detail) };
    case "redirect": {
      const error = detail < 0 ? errnoName(-detail) : null;
      return { at: "redirect", host, to: targetOf(more, place, device, error), error };
    }
    case "stack":
      return { at: "stack", host, device: device(place) };
    default:
      return { at: "dropped", host, reason: dropReason(detail) };
  }
}

function targetOf(
  mapType: number,
  place: number,
  device: (index: number) => string,
  error: string | null,
): string {
  if (mapType === MAP.xskmap) return `AF_XDP socket of queue ${place}`;
  if (mapType === MAP.cpumap) return `CPU ${place}`;
  const byMap = mapType === MAP.devmap || mapType === MAP.devmapHash;
  // Of a redirect by map that failed the kernel tells the map's index only.
  return byMap && error !== null ? `entry ${place} of the devmap` : device(place);
}

function endOf(steps: readonly PacketStep[]): string {
  const last = steps.at(-1);
  if (last === undefined) return "lost before any program or stack saw it";
  switch (last.at) {
    case "program":
      return ["PASS", "TX", "REDIRECT"].includes(last.verdict)
        ? `XDP_${last.verdict} by ${last.name} on ${last.device}, not seen again`
        : `XDP_${last.verdict} by ${last.name} on ${last.device}`;
    case "redirect":
      return last.error === null
        ? `redirected to ${last.to}`
        : `redirect to ${last.to} failed: ${last.error}`;
    case "stack":
      return `entered the stack of ${last.host}, not seen again`;
    case "dropped": {
      const before = steps.at(-2);
      // What a generic program refuses, the stack throws away for it.
      if (before?.at === "program" && before.mode === "generic") return endOf(steps.slice(0, -1));
      return `dropped by the stack of ${last.host}: ${last.reason}`;
    }
    default:
      return `socket of ${last.host} on port ${last.port}`;
  }
}

/** @source net/core/dev.c, __netif_receive_skb_core: a generic program runs before `ptype_all`, which feeds captures */
function capturedOn(steps: readonly PacketStep[]): string[] {
  return steps.flatMap((step, i) => {
    if (step.at !== "stack") return [];
    const next = steps[i + 1];
    const stopped = next?.at === "program" && next.mode === "generic" && next.verdict !== "PASS";
    return stopped ? [] : [step.device];
  });
}

/** A way as one line of text. */
export function describeWay({ number, steps, end, captured }: PacketWay): string {
  const told = steps.map((step) => {
    switch (step.at) {
      case "program":
        return `${step.name} on ${step.device}: XDP_${step.verdict}`;
      case "redirect":
        return step.error === null ? `to ${step.to}` : `to ${step.to}: ${step.error}`;
      case "stack":
        return `stack of ${step.host}`;
      case "dropped":
        return `dropped: ${step.reason}`;
      default:
        return `socket, port ${step.port}`;
    }
  });
  const seen =
    captured.length === 0 ? "tcpdump sees it nowhere" : `tcpdump sees it on ${captured.join(", ")}`;
  return `packet ${number}: ${told.length === 0 ? end : told.join(" -> ")}; ${seen}`;
}
