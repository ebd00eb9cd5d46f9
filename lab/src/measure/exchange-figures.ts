// An exchange over sockets as two pictures want it: its calls in order, each with what the kernel did next, and the ways of its
// sockets through TCP's states.
import type { CallSide, MadeCall, TcpWalk } from "../plot/index.js";
import type { ExchangeState, SocketExchangeOutcome } from "./experiments/socket-exchange.js";

const SIDE: Readonly<Record<ExchangeState["who"], CallSide>> = {
  client: "left",
  server: "right",
  listener: "right",
};

/** @returns the calls for `callsFigure`, the client's on the left; each with the states that followed before the next call */
export function exchangeCalls({ calls, states }: SocketExchangeOutcome): MadeCall[] {
  return calls.map(({ who, name, result, plane, atNs }, i) => {
    const until = calls[i + 1]?.atNs ?? Infinity;
    const changes = states
      .filter((state) => state.atNs >= atNs && state.atNs < until)
      .map((state) => ({
        side: SIDE[state.who],
        text: state.who === "listener" ? `listener ${state.to}` : state.to,
      }));
    return { side: SIDE[who], name, result: String(result), plane, sends: name === "sendmsg", changes };
  });
}

/** @returns one walk a socket for `tcpStatesFigure`, the moves numbered in the order of time over all of them */
export function exchangeWalks({ states }: SocketExchangeOutcome): TcpWalk[] {
  return (["client", "server", "listener"] as const).map((name) => ({
    name: name === "listener" ? "listening socket" : `${name}'s socket`,
    moves: states.flatMap(({ who, from, to }, i) => (who === name ? [{ from, to, order: i + 1 }] : [])),
  }));
}
