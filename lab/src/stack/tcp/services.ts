// What TCP stands on: the stack it belongs to, and what its own files need of the whole protocol. Types only, so that a
// connection's memory, `tcb.ts`, knows neither the stack nor the table that it is in.
import type { Arena } from "../arena.js";
import type { SeenClock } from "../clock.js";
import type { StackCounters } from "../counters.js";
import type { ConnectionState } from "../endpoint.js";
import type { Ipv4 } from "../ipv4.js";
import type { Noticeboard } from "../noticeboard.js";
import type { Timers } from "../timers.js";
import type { ChallengeLimit } from "./challenge-limit.js";
import type { TcpOptions } from "./options.js";
import type { SpareLists } from "./sent.js";
import type { Tcb } from "./tcb.js";

/** What TCP needs to know of the stack it belongs to. */
export interface TcpHost {
  readonly ipv4: Ipv4;
  readonly mtu: number;
  readonly address: number;
  readonly arena: Arena | null;
  readonly clock: SeenClock;
  readonly timers: Timers;
  readonly counters: StackCounters;
  readonly board: Noticeboard;
  readonly random: () => number;
  readonly secret: Uint8Array;
  /** Between frames and the end of `poll`: what is to be sent leaves then. */
  readonly isPolling: boolean;
  /** Looks at the clock, where `poll` has not just done so. */
  tellTime(): void;
  /** Sends at once what was written outside of `poll`. */
  pushOut(): void;
}

/** What the files of this folder need of the whole protocol. */
export interface TcpServices {
  readonly host: TcpHost;
  readonly options: TcpOptions;
  readonly challenges: ChallengeLimit;
  readonly spareLists: SpareLists;
  /** Sees every change of a connection's state, after it: for pictures. */
  readonly onState: ((tcb: Tcb, from: ConnectionState) => void) | null;
  /** Takes a closed connection out of the table. */
  forget(tcb: Tcb): void;
  /** Acknowledges at the end of the poll, when the application has heard what came, unless what the application sends until then does so. */
  holdAcknowledgment(tcb: Tcb): void;
  /** The link was full: try again in the next poll. */
  block(tcb: Tcb): void;
}
