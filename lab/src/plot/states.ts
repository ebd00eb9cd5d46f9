// A state machine: every state a box, every move that its rules allow a grey arrow, and the moves that were seen in colour with
// their number in the order of time. Who draws says where the boxes stand.

import { requireAtMost, requireSome } from "./check.js";
import { type Figure, type FigureSpec, MARGIN, makeFigure, WIDTH } from "./figure.js";
import { EMPTY, HAIRLINE, type Hue, hueOf, INK, MUTED, PAPER } from "./palette.js";
import { box, element, label, stroke, tenth } from "./svg.js";
import { fitText } from "./text-width.js";

/** A state and its place. */
export interface StatePlace {
  /** Must be unique. */
  readonly id: string;
  /** What is written into its box; the id unless given. */
  readonly name?: string;
  /** 0, 1 or 2, from left to right. */
  readonly column: number;
  /** From 0, top to bottom. */
  readonly row: number;
}

/** From one state to another, by id. */
export interface StateMove {
  readonly from: string;
  readonly to: string;
}

/** The way that one thing went. */
export interface StateWalk {
  /** Whose way it is, e.g. `client`. */
  readonly name: string;
  readonly moves: readonly (StateMove & {
    /** Its number in the order of everything that was seen. */
    readonly order: number;
  })[];
}

/** What statesFigure draws. */
export interface StatesSpec extends FigureSpec {
  readonly states: readonly StatePlace[];
  /** Every move that the rules allow. */
  readonly allowed: readonly StateMove[];
  /** One to four. */
  readonly walks: readonly StateWalk[];
}

const BOX = { width: 142, height: 32 } as const;
const COLUMN_X = [MARGIN + 110, WIDTH / 2, WIDTH - MARGIN - 110] as const;
const ROW_HEIGHT = 86;
/** Where on its arrow a number stands: not in the middle, where the way back would have its own. */
const NUMBER_AT = 0.4;
const TOP = 22;

type Point = readonly [number, number];

/**
 * Draws a state machine and the ways that were taken through it.
 *
 * @throws RangeError where there are no states, more than four walks, or a move names a state that is not there
 */
export function statesFigure(spec: StatesSpec): Figure {
  const { states, allowed, walks } = spec;
  requireSome(states, `states in "${spec.title}"`);
  requireAtMost(walks.length, 4, "walks", "split the figure");
  const places = new Map(states.map((state) => [state.id, state]));
  const visited = new Set(walks.flatMap(({ moves }) => moves.flatMap(({ from, to }) => [from, to])));
  const height = TOP + Math.max(...states.map(({ row }) => row)) * ROW_HEIGHT + BOX.height + 16;
  const drawing = [
    ...allowed.map((move) => drawMove(places, move, HAIRLINE, 1.5)),
    ...walks.flatMap(({ moves }, i) => moves.map((move) => drawMove(places, move, hueOf(i).fill, 3.5))),
    ...states.map((state) => drawState(state, visited.has(state.id))),
    ...walks.flatMap(({ moves }, i) => moves.map((move) => drawOrder(places, move, move.order, hueOf(i)))),
    drawKey(walks, height + 14),
  ];
  return makeFigure(spec, drawing.join(""), height + 24, walks.map(describe));
}

function centre({ column, row }: StatePlace): Point {
  return [COLUMN_X[column]!, TOP + BOX.height / 2 + row * ROW_HEIGHT];
}

/** Both ends of a move, on the edges of its boxes: straight from middle to middle, cut where the boxes end. */
function endsOf(places: ReadonlyMap<string, StatePlace>, { from, to }: StateMove): readonly [Point, Point] {
  const [a, b] = [from, to].map((id) => {
    const place = places.get(id);
    if (place !== undefined) return centre(place);
    throw new RangeError(`Cannot draw a move to or from ${id}: no such state; no figure was made -> add it`);
  }) as [Point, Point];
  return [edge(a, b, 2), edge(b, a, 5)];
}

function edge([x, y]: Point, [towardsX, towardsY]: Point, gap: number): Point {
  const [dx, dy] = [towardsX - x, towardsY - y];
  const scale = Math.min(
    dx === 0 ? Infinity : (BOX.width / 2 + gap) / Math.abs(dx),
    dy === 0 ? Infinity : (BOX.height / 2 + gap) / Math.abs(dy),
  );
  return [x + dx * scale, y + dy * scale];
}

function drawMove(
  places: ReadonlyMap<string, StatePlace>,
  move: StateMove,
  color: string,
  width: number,
): string {
  const [[x1, y1], [x2, y2]] = endsOf(places, move);
  const length = Math.hypot(x2 - x1, y2 - y1);
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const wing = 4 + width;
  const [baseX, baseY] = [x2 - ux * wing * 1.6, y2 - uy * wing * 1.6];
  const corners: Point[] = [
    [x2, y2],
    [baseX - uy * wing, baseY + ux * wing],
    [baseX + uy * wing, baseY - ux * wing],
  ];
  const head = `M${corners.map(([x, y]) => `${tenth(x)},${tenth(y)}`).join("L")}Z`;
  return (
    stroke(x1, y1, baseX, baseY, { stroke: color, "stroke-width": width }) +
    element("path", { d: head, fill: color })
  );
}

function drawState(state: StatePlace, isVisited: boolean): string {
  const [x, y] = centre(state);
  const { width, height } = BOX;
  const text = fitText(state.name ?? state.id, width - 8, { size: 13, bold: true });
  return (
    box(x - width / 2, y - height / 2, width, height, {
      rx: 6,
      fill: isVisited ? PAPER : EMPTY,
      stroke: isVisited ? INK : HAIRLINE,
      "stroke-width": 1.5,
    }) +
    label(x, y + 4.5, text, {
      "text-anchor": "middle",
      "font-weight": isVisited ? "bold" : "normal",
      fill: isVisited ? INK : MUTED,
    })
  );
}

function drawOrder(
  places: ReadonlyMap<string, StatePlace>,
  move: StateMove,
  order: number,
  hue: Hue,
): string {
  const [[x1, y1], [x2, y2]] = endsOf(places, move);
  const [x, y] = [x1 + (x2 - x1) * NUMBER_AT, y1 + (y2 - y1) * NUMBER_AT];
  const number = { "text-anchor": "middle", "font-size": 12, "font-weight": "bold", fill: PAPER };
  return (
    element("circle", { cx: x, cy: y, r: 11, fill: hue.ink, stroke: PAPER, "stroke-width": 1.5 }) +
    label(x, y + 4.3, String(order), number)
  );
}

function drawKey(walks: readonly StateWalk[], y: number): string {
  const step = (WIDTH - 2 * MARGIN) / Math.max(1, walks.length);
  return walks
    .map(({ name }, i) => {
      const x = MARGIN + i * step;
      const words = fitText(name, step - 48, { size: 13 });
      return (
        stroke(x, y - 4, x + 28, y - 4, { stroke: hueOf(i).fill, "stroke-width": 3.5 }) +
        label(x + 36, y, words, { fill: MUTED })
      );
    })
    .join("");
}

function describe({ name, moves }: StateWalk): string {
  return `${name}: ${moves.map(({ from, to, order }) => `${order}. ${from} → ${to}`).join(", ")}`;
}
