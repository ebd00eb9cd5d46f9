// The ways of many packets as counts on the testbed they went through.
import type { TestbedSpec } from "../net/index.js";
import {
  type Figure,
  type FigureSpec,
  type TopologyFloor,
  type TopologyLink,
  type TopologyPlace,
  topologyFigure,
} from "../plot/index.js";
import type { PacketStep, PacketWay } from "./packet-way.js";
import type { PacketWays } from "./packets.js";

/** Counts equal things. */
function countBy<T>(items: readonly T[], nameOf: (item: T) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** A packet that came in on an interface: what it met from there to the next interface. */
interface Visit {
  readonly device: string;
  readonly steps: readonly PacketStep[];
  readonly captured: boolean;
}

function visitsOf({ steps, captured }: PacketWay): Visit[] {
  const visits: { device: string; steps: PacketStep[]; captured: boolean }[] = [];
  for (const step of steps) {
    const device = step.at === "program" || step.at === "stack" ? step.device : null;
    if (device !== null && visits.at(-1)?.device !== device) {
      visits.push({ device, steps: [], captured: captured.includes(device) });
    }
    visits.at(-1)?.steps.push(step);
  }
  return visits;
}

type Step<At extends PacketStep["at"]> = Extract<PacketStep, { readonly at: At }>;

function stepsAt<At extends PacketStep["at"]>(visits: readonly Visit[], at: At): Step<At>[] {
  return visits.flatMap(({ steps }) => steps.filter((step): step is Step<At> => step.at === at));
}

/** Program, capture, stack and sockets above an interface, the lowest first. */
function floorsAbove(visits: readonly Visit[]): (TopologyFloor | null)[] {
  if (visits.length === 0) return [];
  const programs = stepsAt(visits, "program");
  const [first] = programs;
  const verdicts = countBy(programs, ({ verdict }) => verdict);
  const captured = visits.filter((visit) => visit.captured);
  const dropped = stepsAt(captured, "dropped");
  const sockets = stepsAt(visits, "socket");
  const stack = {
    name: "the stack",
    entered: captured.length,
    counts: countBy(dropped, ({ reason }) => reason).map(([reason, packets]) => ({
      packets,
      what: `dropped: ${reason}`,
      ended: true,
    })),
  };
  return [
    first === undefined
      ? null
      : {
          name: `${first.name} (${first.mode} XDP)`,
          entered: programs.length,
          counts: verdicts.map(([verdict, packets]) => ({
            packets,
            what: `XDP_${verdict}`,
            ended: verdict === "DROP" || verdict === "ABORTED",
          })),
        },
    {
      name: `tcpdump sees ${captured.length} of ${visits.length}`,
      entered: captured.length,
      watches: true,
    },
    stack,
    sockets.length === 0
      ? null
      : {
          name: "sockets",
          entered: sockets.length,
          counts: countBy(sockets, ({ port }) => `port ${port}`).map(([what, packets]) => ({
            packets,
            what,
          })),
        },
  ];
}

/** Redirects that go to something other than an interface of the testbed, or failed, stand at their program. */
function otherRedirects(visits: readonly Visit[], devices: readonly string[]): TopologyFloor["counts"] {
  const other = stepsAt(visits, "redirect").filter(
    ({ to, error }) => error !== null || !devices.includes(to),
  );
  const told = countBy(other, ({ to, error }) => (error === null ? `to ${to}` : `not to ${to}: ${error}`));
  return told.map(([what, packets]) => ({ packets, what, ended: what.startsWith("not ") }));
}

/**
 * Draws the ways of packets as counts on their testbed.
 *
 * @param spec the testbed's, with one or two wires
 * @param figure title, note and provenance
 */
export function packetFigure(ways: PacketWays, spec: TestbedSpec, figure: FigureSpec): Figure {
  const ends = spec.wires.flatMap(({ a, b }) => [a, b]);
  const devices = ends.map(({ device }) => device);
  const visits = ways.ways.flatMap(visitsOf);
  const places = ends.map(({ host, device }): TopologyPlace => {
    const own = visits.filter((visit) => visit.device === device);
    const [program, ...rest] = floorsAbove(own);
    const more = otherRedirects(own, devices) ?? [];
    const lowest = program && { ...program, counts: [...(program.counts ?? []), ...more] };
    return { host, device, floors: lowest === undefined ? [] : [lowest, ...rest] };
  });
  const source = devices.indexOf(ends.find(({ host }) => host === ways.from)!.device);
  return topologyFigure({ ...figure, places, links: linksOf(ways, visits, devices, source) });
}

/** What was put onto a wire at an interface, and how. */
function sentAt(ways: readonly PacketWay[], device: string, injected: boolean): Record<string, number> {
  const steps = ways.flatMap((way) => way.steps);
  const count = (goesOut: (step: PacketStep) => boolean): number => steps.filter(goesOut).length;
  return {
    injected: injected ? ways.length : 0,
    "sent back": count((step) => step.at === "program" && step.device === device && step.verdict === "TX"),
    "sent on": count((step) => step.at === "redirect" && step.error === null && step.to === device),
  };
}

function linksOf(
  { ways }: PacketWays,
  visits: readonly Visit[],
  devices: readonly string[],
  source: number,
): TopologyLink[] {
  const wires = devices.flatMap((device, from) => {
    const to = from ^ 1; // the ends of a wire stand side by side
    const sent = Object.entries(sentAt(ways, device, from === source)).filter(([, packets]) => packets > 0);
    const packets = sent.reduce((sum, [, each]) => sum + each, 0);
    const arrived = visits.filter((visit) => visit.device === devices[to]).length;
    const what = sent.map(([how]) => how).join(" and ");
    return sent.length === 0 ? [] : [{ from, to, packets, what, lost: Math.max(0, packets - arrived) }];
  });
  const redirects = devices.flatMap((device, to) => {
    const from = visits.filter(({ steps }) =>
      steps.some((step) => step.at === "redirect" && step.error === null && step.to === device),
    );
    return countBy(from, (visit) => visit.device).map(([name, packets]) => ({
      from: devices.indexOf(name),
      to,
      packets,
      what: "redirected",
    }));
  });
  return [...wires, ...redirects];
}
