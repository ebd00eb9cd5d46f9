// Who is where: the MAC address of each host on this wire that we have spoken with. An answer is believed
// for a minute, then asked for again while it goes on being used; packets for a host that has not answered
// yet wait, but only a few. Answers that nobody asked for are not remembered; questions from strangers are, but where the
// table is full they make room for each other, and not for a host that we speak with.
import type { SeenClock } from "./clock.js";
import { Timer, type Timers } from "./timers.js";
import { get16, get32 } from "./wire.js";

/** One host of this wire. */
export interface Neighbour {
  /** Signed. */
  readonly address: number;
  /** Six bytes; meaningless until `known`. */
  readonly mac: Uint8Array;
  /** The same as two numbers: its first four bytes, and the other two. */
  macStart: number;
  macEnd: number;
  known: boolean;
  confirmedMs: number;
  /** Its last use, among the uses of all; 0 where nothing was sent to it. */
  lastUse: number;
  /** Requests since the last answer. */
  asked: number;
  /** Frames that wait for the address, complete but for it. */
  readonly pending: Uint8Array[];
  readonly timer: Timer;
}

/** Age in ms at which an entry is asked for again. @source RFC 1122 section 2.3.2.1 (about a minute) */
const FRESH_MS = 60_000;
/** Between two requests for one address. @source RFC 1122 section 2.3.2.1 (at most 1 a second) */
const ASK_MS = 1000;
const ASK_LIMIT = 3;
/** Frames that wait for one neighbour. @source RFC 1122 section 2.3.2.2 (at least the latest) */
const PENDING_LIMIT = 4;
const SIZE_LIMIT = 256;

/** What the cache asks of ARP. */
export interface NeighbourCalls {
  ask(address: number): void;
  send(frame: Uint8Array, mac: Uint8Array): void;
  /** A host that was asked does not answer. */
  unreachable(address: number): void;
  /** Frames that waited for an address and are given up. */
  dropped(frames: number): void;
}

/** A bounded table of neighbours. */
export class NeighbourCache {
  private readonly table = new Map<number, Neighbour>();
  private last: Neighbour | null = null;
  private uses = 0;
  private readonly timers: Timers;
  private readonly clock: SeenClock;
  private readonly calls: NeighbourCalls;

  constructor(timers: Timers, calls: NeighbourCalls) {
    this.timers = timers;
    this.clock = timers.clock;
    this.calls = calls;
  }

  get size(): number {
    return this.table.size;
  }

  /** Entries for people: oldest first. */
  list(): { address: number; mac: Uint8Array; known: boolean; pending: number }[] {
    return [...this.table.values()].map(({ address, mac, known, pending }) => ({
      address: address >>> 0,
      mac: Uint8Array.from(mac),
      known,
      pending: pending.length,
    }));
  }

  /** @returns Whom to send to, or null where his address has to be asked for first. Asks again for an old one. */
  find(address: number): Neighbour | null {
    const key = address | 0;
    const entry = this.last?.address === key ? this.last : this.table.get(key);
    if (entry === undefined || !entry.known) return null;
    this.last = entry;
    entry.lastUse = ++this.uses;
    if (this.clock.seen[0] - entry.confirmedMs > FRESH_MS && !entry.timer.isRunning) this.ask(entry);
    return entry;
  }

  /** Keeps a frame until the neighbour has answered. @returns False where too many wait already. */
  hold(address: number, frame: Uint8Array): boolean {
    const entry = this.table.get(address | 0) ?? this.add(address | 0);
    if (!entry.timer.isRunning) this.ask(entry);
    if (entry.pending.length >= PENDING_LIMIT) return false;
    entry.pending.push(frame);
    return true;
  }

  /**
   * Takes what an ARP packet says of its sender.
   *
   * @param add whether to remember a stranger: only one that asked for us
   * @source RFC 826 Packet Reception (the merge flag)
   */
  learn(address: number, mac: Uint8Array, start: number, add: boolean): void {
    const entry = this.table.get(address | 0) ?? (add ? this.add(address | 0) : undefined);
    if (entry === undefined) return;
    for (let index = 0; index < 6; index++) entry.mac[index] = mac[start + index];
    entry.macStart = get32(entry.mac, 0);
    entry.macEnd = get16(entry.mac, 4);
    entry.known = true;
    entry.confirmedMs = this.clock.nowMs();
    entry.asked = 0;
    entry.timer.stop();
    for (const frame of entry.pending.splice(0)) this.calls.send(frame, entry.mac);
  }

  private add(address: number): Neighbour {
    if (this.table.size >= SIZE_LIMIT) this.evict();
    const entry: Neighbour = {
      address,
      mac: new Uint8Array(6),
      macStart: 0,
      macEnd: 0,
      known: false,
      confirmedMs: 0,
      lastUse: 0,
      asked: 0,
      pending: [],
      timer: new Timer(this.timers, () => this.again(entry)),
    };
    this.table.set(address, entry);
    return entry;
  }

  /** Forgets who was not used for the longest time; whom we are asking for only where there is nobody else. Nobody is told: it may well be there. */
  private evict(): void {
    const entries = [...this.table.values()];
    const known = entries.filter((entry) => entry.known);
    this.forget(
      (known.length > 0 ? known : entries).reduce((least, each) =>
        each.lastUse < least.lastUse ? each : least,
      ),
    );
  }

  private ask(entry: Neighbour): void {
    entry.asked++;
    entry.timer.start(ASK_MS);
    this.calls.ask(entry.address);
  }

  private again(entry: Neighbour): void {
    if (entry.asked < ASK_LIMIT) this.ask(entry);
    else {
      this.forget(entry);
      this.calls.unreachable(entry.address);
    }
  }

  private forget(entry: Neighbour): void {
    this.table.delete(entry.address);
    if (this.last === entry) this.last = null;
    entry.timer.remove();
    this.calls.dropped(entry.pending.length);
  }
}
