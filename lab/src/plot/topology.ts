// Where packets went, on a picture of the network: a column for each interface, what a packet passes from the wire upwards,
// and the wires between them at the bottom. Every arrow has its count; what was lost stands where it was lost.
import { requireAtMost, requireCount } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { EMPTY, HAIRLINE, HUES } from "./palette.js";
import { box, label } from "./svg.js";
import { fitText } from "./text-width.js";
import { drawFloor, drawLink, drawRise, floorHeight } from "./topology-parts.js";

/** A number of packets and what became of them. */
export interface TopologyCount {
  readonly packets: number;
  readonly what: string;
  /** They go no further. */
  readonly ended?: boolean;
}

/** Something that packets pass on their way up: a program, a capture, the stack, sockets. */
export interface TopologyFloor {
  readonly name: string;
  /** Packets that came up to it. */
  readonly entered: number;
  readonly counts?: readonly TopologyCount[];
  /** It only looks on: drawn with a dashed border. */
  readonly watches?: boolean;
}

/** An interface and what stands above it. */
export interface TopologyPlace {
  readonly host: string;
  readonly device: string;
  /** From the wire upwards; null leaves a level empty, so that the same things stand side by side. */
  readonly floors: readonly (TopologyFloor | null)[];
}

/** Packets from one interface to another: over a wire, or by a redirect within a host. */
export interface TopologyLink {
  /** Positions in `places`. */
  readonly from: number;
  readonly to: number;
  readonly packets: number;
  /** How they came onto it, in a word: `injected`, `redirected`. */
  readonly what: string;
  /** Of these, so many did not come out at the other end. */
  readonly lost?: number;
}

/** What topologyFigure draws. */
export interface TopologySpec extends FigureSpec {
  /** Two to four; neighbours of one host stand in one frame. */
  readonly places: readonly TopologyPlace[];
  readonly links: readonly TopologyLink[];
}

const TOP = 34;
const RISE = 36;
const DEVICE_HEIGHT = 30;
const LINK_STEP = 34;

/** Where things are drawn, in pixels. */
interface Plan {
  readonly width: number;
  readonly left: readonly number[];
  /** Top of each level, the lowest first, and its height. */
  readonly levels: readonly { readonly y: number; readonly height: number }[];
  readonly deviceY: number;
}

/**
 * Draws counts on a topology.
 *
 * @throws RangeError where there are fewer than two or more than four interfaces, or a count is not a whole number
 */
export function topologyFigure(spec: TopologySpec): Figure {
  const { places, links } = spec;
  requireAtMost(places.length, 4, "interfaces", "draw a part of the network");
  if (places.length < 2) {
    throw new RangeError(`Cannot draw a network of ${places.length} interfaces: a wire has two -> name both`);
  }
  for (const { from, to, packets, lost = 0 } of links) {
    requireCount(packets, `packets from ${from} to ${to}`);
    requireCount(lost, `packets lost from ${from} to ${to}`);
  }
  const plan = planOf(places);
  const drawn = places.map((place, i) => drawPlace(place, plan, i));
  const linkTop = plan.deviceY + DEVICE_HEIGHT;
  const wires = links.map((link, i) =>
    drawLink(
      link,
      middle(plan, link.from),
      middle(plan, link.to),
      linkTop,
      linkTop + 12 + (i + 1) * LINK_STEP,
    ),
  );
  const height = linkTop + 22 + links.length * LINK_STEP;
  return makeFigure(spec, [...drawHosts(places, plan), ...drawn, ...wires].join(""), height, describe(spec));
}

function planOf(places: readonly TopologyPlace[]): Plan {
  const gap = 26;
  const width = Math.min(230, (WIDTH - 2 * MARGIN - (places.length - 1) * gap) / places.length);
  const start = (WIDTH - places.length * width - (places.length - 1) * gap) / 2;
  const count = Math.max(...places.map(({ floors }) => floors.length));
  const heights = Array.from({ length: count }, (_, level) =>
    Math.max(...places.map(({ floors }) => floorHeight(floors[level] ?? null, width))),
  );
  let y = TOP;
  const levels = heights
    .map((height) => ({ y: 0, height }))
    .reverse()
    .map(({ height }) => {
      const at = { y, height };
      y += height === 0 ? 0 : height + RISE;
      return at;
    })
    .reverse();
  return { width, left: places.map((_, i) => start + i * (width + gap)), levels, deviceY: y };
}

const middle = ({ left, width }: Plan, i: number): number => left[i] + width / 2;

function drawPlace({ device, floors }: TopologyPlace, plan: Plan, i: number): string {
  const { width, left, levels, deviceY } = plan;
  let below = deviceY;
  const parts = floors.map((floor, level) => {
    if (floor === null) return "";
    const { y, height } = levels[level];
    // Boxes of one level stand on one line; a lower one leaves room above it.
    const own = floorHeight(floor, width);
    const top = y + height - own;
    const rise = drawRise(middle(plan, i), below, top + own, floor.entered);
    below = top;
    return rise + drawFloor(floor, left[i], top, width);
  });
  const style = { "text-anchor": "middle", "font-weight": "bold" };
  const name = fitText(device, width - 8, { size: 13, bold: true });
  return [
    box(left[i], deviceY, width, DEVICE_HEIGHT, { rx: 4, fill: HUES.sky.tint, stroke: HUES.sky.fill }),
    label(middle(plan, i), deviceY + 20, name, style),
    ...parts,
  ].join("");
}

/** A frame round the interfaces of a host that stand side by side. */
function drawHosts(places: readonly TopologyPlace[], { left, width, deviceY }: Plan): string[] {
  return places.flatMap(({ host }, i) => {
    if (places[i - 1]?.host === host) return [];
    let last = i;
    while (places[last + 1]?.host === host) last++;
    const right = left[last] + width;
    const frame = { rx: 8, fill: EMPTY, stroke: HAIRLINE };
    return [
      box(left[i] - 8, 4, right - left[i] + 16, deviceY + DEVICE_HEIGHT + 4, frame),
      label(left[i], 23, fitText(`host ${host}`, right - left[i], { size: 13, bold: true }), {
        "font-weight": "bold",
      }),
    ];
  });
}

function describe({ places, links }: TopologySpec): string[] {
  const told = places.map(({ host, device, floors }) => {
    const above = floors.flatMap((floor) => {
      if (floor === null) return [];
      const counts = (floor.counts ?? []).map(({ packets, what }) => `${packets} ${what}`).join(", ");
      return [`${floor.name} ${floor.entered}${counts === "" ? "" : ` (${counts})`}`];
    });
    return `${device} of host ${host}: ${above.join("; ") || "nothing above it"}`;
  });
  const sent = links.map(({ from, to, packets, what, lost = 0 }) => {
    const ending = lost === 0 ? "" : `, ${lost} of them lost`;
    return `${places[from].device} to ${places[to].device}: ${packets} ${what}${ending}`;
  });
  return [...told, ...sent];
}
