// The transmission control block: all that one end remembers of one connection. Only data here; the files
// beside it say what happens to them. The names are RFC 9293's, section 3.3.1, SND.UNA as `sndUna`.
import { ByteRing } from "../byte-ring.js";
import type { ConnectionState, StackFailure } from "../endpoint.js";
import { Timer } from "../timers.js";
import { RenoWindow } from "./congestion.js";
import type { Connection } from "./connection.js";
import { CubicWindow } from "./cubic.js";
import type { Listener } from "./listener.js";
import { Rack } from "./rack.js";
import { SequenceRanges } from "./ranges.js";
import { RtoEstimator } from "./rto.js";
import { NOTHING_SENT } from "./sent.js";
import { seqAdd } from "./sequence.js";
import type { TcpServices } from "./services.js";
import type { Episode } from "./undo.js";

/** Segment size where the peer names none. @source RFC 9293 section 3.7.1 */
export const DEFAULT_MSS = 536;

const NONE_RECENT: Int32Array = new Int32Array(0);

export class Tcb {
  readonly tcp: TcpServices;
  readonly localPort: number;
  /** Signed. */
  readonly remoteAddress: number;
  readonly remotePort: number;
  /** Next of those that the table finds under one number. */
  nextInChain: Tcb | null = null;
  private current: ConnectionState = "CLOSED";
  /** The listener that a half-open connection belongs to. */
  listener: Listener | null = null;
  /** The application's end; null while half-open. */
  owner: Connection | null = null;
  /** The application has closed it and wants nothing more. */
  isOrphan = false;
  failure: StackFailure | null = null;
  /** What an ICMP error said that did not end the connection. */
  softError: StackFailure | null = null;

  // Sending
  iss = 0;
  sndUna = 0;
  /** The next byte to send; it goes back to `sndUna` after a timeout. */
  sndNxt = 0;
  /** One after the last byte ever sent. */
  sndMax = 0;
  sndWnd = 0;
  sndWl1 = 0;
  sndWl2 = 0;
  /** The largest window the peer ever offered. */
  maxSndWnd = 0;
  sndShift = 0;
  mss: number = DEFAULT_MSS;
  finQueued = false;
  /** Sequence number of our FIN, once queued. */
  finSequence = 0;
  noDelay = false;
  /** A write found no room: tell when there is some. */
  wantsRoom = false;
  readonly sendBuffer: ByteRing;

  // Receiving
  irs = 0;
  rcvNxt = 0;
  /** The right edge of the window as it was last advertised. */
  rcvAdv = 0;
  rcvShift = 0;
  /** The peer offered to scale windows, so ours is scaled as well. */
  peerScales = false;
  peerFinKnown = false;
  peerFin = 0;
  readonly receiveBuffer: ByteRing;
  /** What arrived ahead of its turn; null until something does. */
  outOfOrder: SequenceRanges | null = null;
  /** Where the latest such segments began, the newest first. @source RFC 2018 section 4 */
  recent: Int32Array = NONE_RECENT;
  recentCount = 0;

  // Acknowledging
  ackNow = false;
  /** The acknowledgment waits for the end of the poll: what the application answers may carry it. */
  isAckHeld = false;
  /** Segments with text since the last acknowledgment. */
  unackedSegments = 0;
  /** What came twice and is not told yet; nothing, where both are the same. @source RFC 2883 */
  twiceStart = 0;
  twiceEnd = 0;

  // Loss
  sackPermitted = false;
  sacked: SequenceRanges | null = null;
  duplicateAcks = 0;
  inRecovery = false;
  /** Recovery ends here; none begins before. */
  recoveryPoint = 0;
  /** The recovery began with a timeout, and with one segment. */
  byTimeout = false;
  /** The window was lowered a second time in this recovery, or need not be. */
  loweredTwice = false;
  /** What speaks for the last recovery's having been needless; null until there is one. */
  episode: Episode | null = null;
  readonly rack: Rack;
  retries = 0;
  isPersisting = false;
  readonly congestion: RenoWindow;
  readonly rto: RtoEstimator;
  /** A segment is being timed: up to here, sent then. */
  isTiming = false;
  timedSequence = 0;
  timedMs = 0;
  lastSentMs = 0;
  lastHeardMs = 0;
  keepAliveMs = 0;
  probes = 0;

  readonly retransmitTimer: Timer;
  readonly ackTimer: Timer;
  /** What was sent before something that has arrived may be late for so long. @source RFC 8985 section 6.2 step 5 */
  readonly reorderTimer: Timer;
  /** TIME-WAIT, FIN-WAIT-2 of an orphan, or keep-alive: never two of them. */
  readonly longTimer: Timer;

  constructor(
    tcp: TcpServices,
    localPort: number,
    remoteAddress: number,
    remotePort: number,
    timeouts: Readonly<Record<"retransmit" | "acknowledge" | "reorder" | "long", (tcb: Tcb) => void>>,
  ) {
    const { options, host } = tcp;
    this.tcp = tcp;
    this.localPort = localPort;
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
    this.sendBuffer = new ByteRing(options.sendBufferBytes, host.arena);
    this.receiveBuffer = new ByteRing(options.receiveBufferBytes, host.arena);
    this.rack = new Rack(tcp.spareLists.take());
    this.rto = new RtoEstimator(options);
    this.congestion =
      options.congestion === "reno"
        ? new RenoWindow(DEFAULT_MSS)
        : new CubicWindow(DEFAULT_MSS, host.clock, this.rto);
    this.retransmitTimer = new Timer(host.timers, () => timeouts.retransmit(this));
    this.ackTimer = new Timer(host.timers, () => timeouts.acknowledge(this));
    this.reorderTimer = new Timer(host.timers, () => timeouts.reorder(this));
    this.longTimer = new Timer(host.timers, () => timeouts.long(this));
  }

  get state(): ConnectionState {
    return this.current;
  }

  set state(next: ConnectionState) {
    const from = this.current;
    this.current = next;
    if (from !== next) this.tcp.onState?.(this, from);
  }

  /** Sequence number after the last byte that the application has written. */
  get textEnd(): number {
    return this.finQueued ? this.finSequence : seqAdd(this.sndUna, this.sendBuffer.length);
  }

  /** Whether our FIN is acknowledged. */
  get isFinAcked(): boolean {
    return this.finQueued && this.sndUna === seqAdd(this.finSequence, 1);
  }

  /** The scoreboard of what the peer holds. */
  scoreboard(): SequenceRanges {
    this.sacked ??= new SequenceRanges();
    return this.sacked;
  }

  /** Nothing is sent any more: what was needed for it serves another connection. */
  endSending(): void {
    this.retransmitTimer.remove();
    this.reorderTimer.remove();
    this.sendBuffer.clear();
    this.tcp.spareLists.give(this.rack.sent);
    this.rack.sent = NOTHING_SENT;
  }

  /** Tells the application, if there is one. */
  notice(events: number): void {
    if (this.owner !== null) this.tcp.host.board.notice(this.owner, events);
  }
}
