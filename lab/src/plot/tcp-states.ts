// TCP's states as RFC 9293 draws them: who opens goes down on the right, who is called on the left, and both meet in the middle.

import type { Figure, FigureSpec } from "./figure.js";
import { type StateMove, type StatePlace, statesFigure } from "./states.js";

/** A socket's way through the states. */
export interface TcpWalk {
  /** Whose socket it is. */
  readonly name: string;
  /** States as the kernel names them, e.g. `SYN-SENT`. */
  readonly moves: readonly { readonly from: string; readonly to: string; readonly order: number }[];
}

/** What tcpStatesFigure draws. */
export interface TcpStatesSpec extends FigureSpec {
  readonly walks: readonly TcpWalk[];
}

/** CLOSE stands at the top, where a socket begins, and at the bottom, where it ends. */
const END = "CLOSE at the end";

const STATES: readonly StatePlace[] = [
  { id: "CLOSE", column: 1, row: 0 },
  { id: "LISTEN", column: 0, row: 1 },
  { id: "SYN-SENT", column: 2, row: 1 },
  { id: "SYN-RECEIVED", column: 0, row: 2 },
  { id: "ESTABLISHED", column: 1, row: 3 },
  { id: "CLOSE-WAIT", column: 0, row: 4 },
  { id: "FIN-WAIT-1", column: 2, row: 4 },
  { id: "LAST-ACK", column: 0, row: 5 },
  { id: "CLOSING", column: 1, row: 5 },
  { id: "FIN-WAIT-2", column: 2, row: 5 },
  { id: "TIME-WAIT", column: 2, row: 6 },
  { id: END, name: "CLOSE", column: 1, row: 6 },
];

/** @source RFC 9293, section 3.3.2, figure 5 */
const ALLOWED: readonly StateMove[] = [
  ["CLOSE", "LISTEN"],
  ["CLOSE", "SYN-SENT"],
  ["LISTEN", "CLOSE"],
  ["SYN-SENT", "CLOSE"],
  ["LISTEN", "SYN-RECEIVED"],
  ["LISTEN", "SYN-SENT"],
  ["SYN-SENT", "SYN-RECEIVED"],
  ["SYN-SENT", "ESTABLISHED"],
  ["SYN-RECEIVED", "ESTABLISHED"],
  ["ESTABLISHED", "FIN-WAIT-1"],
  ["ESTABLISHED", "CLOSE-WAIT"],
  ["FIN-WAIT-1", "FIN-WAIT-2"],
  ["FIN-WAIT-1", "CLOSING"],
  ["FIN-WAIT-2", "TIME-WAIT"],
  ["CLOSING", "TIME-WAIT"],
  ["CLOSE-WAIT", "LAST-ACK"],
  ["LAST-ACK", END],
  ["TIME-WAIT", END],
].map(([from, to]) => ({ from: from!, to: to! }));

/**
 * Draws the ways of sockets through TCP's states.
 *
 * @throws RangeError where a walk names a state that TCP has not
 */
export function tcpStatesFigure({ walks, ...spec }: TcpStatesSpec): Figure {
  const placed = walks.map(({ name, moves }) => ({
    name,
    moves: moves.map((move) => (isEnd(move) ? { ...move, to: END } : move)),
  }));
  return statesFigure({ ...spec, states: STATES, allowed: ALLOWED, walks: placed });
}

/** A socket that never had a connection goes back to where it began. */
function isEnd({ from, to }: StateMove): boolean {
  return to === "CLOSE" && from !== "LISTEN" && from !== "SYN-SENT";
}
