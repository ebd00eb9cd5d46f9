/**
 * plot: how does a result look? Pure functions from data to a picture: an SVG string, and the same thing as plain text.
 *
 * Read `figure.ts` first (what every figure has in common), then `bar.ts`, the plainest kind. Every notebook uses it.
 * Left out on purpose: interaction, animation, styling options. A figure is a value: for a live one a cell makes
 * `const shown = liveDisplay()` once and calls `shown.update(figure)` with each new figure; `play` shows a row of them.
 */
export { type Bar, type BarSpec, barFigure } from "./bar.js";
export type { PublishedValue } from "./bar-remark.js";
export { type Budget, type BudgetCost, type BudgetSpec, budgetFigure } from "./budget.js";
export { type ByteField, type BytesSpec, bytesFigure } from "./bytes.js";
export { type CallSide, type CallsSpec, callsFigure, type MadeCall } from "./calls.js";
export { type CdfSeries, type CdfSpec, cdfFigure } from "./cdf.js";
export { type Displayable, JUPYTER_DISPLAY } from "./display.js";
export { htmlDocument } from "./document.js";
export { type Figure, type FigureSpec, type Provenance, provenanceLine } from "./figure.js";
export { type FlowSpec, flowFigure } from "./flow.js";
export type { FlowDrop, FlowStage } from "./flow-loss.js";
export { type FramesSpec, framesFigure } from "./frames.js";
export { type GuessesSpec, type GuessRow, guessesFigure } from "./guesses.js";
export { type HistogramSpec, histogramFigure } from "./histogram.js";
export { type LinePoint, type LineSeries, type LineSpec, lineFigure } from "./line.js";
export { type PairsRow, type PairsSpec, pairsFigure } from "./pairs.js";
export {
  type GuessedValue,
  type Prediction,
  type PredictionSpec,
  predictionFigure,
} from "./prediction.js";
export { formatQuantity } from "./quantity.js";
export { type RingSpec, ringFigure } from "./ring.js";
export { type RingsSpec, ringsFigure } from "./rings.js";
export { type RoomSpec, roomFigure } from "./room.js";
export {
  type Axis,
  linearTicks,
  logTicks,
  makeScale,
  type Scale,
  type ScaleKind,
  type Tick,
} from "./scale.js";
export {
  type SequenceAck,
  type SequenceSegment,
  type SequenceSpec,
  sequenceFigure,
} from "./sequence.js";
export { MOST_ROWS, type SideBySideRow, type SideBySideSpec, sideBySideFigure } from "./side-by-side.js";
export {
  type StateMove,
  type StatePlace,
  type StatesSpec,
  type StateWalk,
  statesFigure,
} from "./states.js";
export { type StepSpec, stepFigure, stepFigures } from "./step.js";
export { escapeXml } from "./svg.js";
export { type Cell, type Column, htmlTable, type Table, type TableOptions } from "./table.js";
export { type TcpStatesSpec, type TcpWalk, tcpStatesFigure } from "./tcp-states.js";
export {
  type TopologyCount,
  type TopologyFloor,
  type TopologyLink,
  type TopologyPlace,
  type TopologySpec,
  topologyFigure,
} from "./topology.js";
export { type JudgedPacket, type VerdictStripSpec, verdictStripFigure } from "./verdict-strip.js";
export { type VerdictRow, type VerdictsSpec, verdictsFigure } from "./verdicts.js";
