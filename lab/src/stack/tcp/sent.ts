// What is on its way, segment by segment, in the order of the stream: when each was sent last, and what became of it. A ring in three
// typed arrays that doubles when it must; to note a segment and to forget it costs a few stores.
import { seqAtMost, seqBefore } from "./sequence.js";

const FIRST_ENTRIES = 16;
/** Most entries. Whoever writes crumbs has several in one. */
const MOST_ENTRIES = 4096;
const SACKED = 1;
const LOST = 2;
const AGAIN = 4;

/** The segments between SND.UNA and SND.MAX; entry 0 is the oldest, and each begins where the one before it ends. */
export class SentSegments {
  /** The moment at which `note` is told of a segment, in ms: a number with a fraction makes no object here, as an argument it may. */
  readonly moment: Float64Array = new Float64Array(1);
  private ends: Int32Array = new Int32Array(FIRST_ENTRIES);
  private times: Float64Array = new Float64Array(FIRST_ENTRIES);
  private flags: Uint8Array = new Uint8Array(FIRST_ENTRIES);
  private head = 0;
  private count = 0;
  private base = 0;

  get size(): number {
    return this.count;
  }

  startOf(index: number): number {
    return index === 0 ? this.base : this.endOf(index - 1);
  }

  endOf(index: number): number {
    return this.ends[this.at(index)];
  }

  /** When it was sent last, in ms. */
  sentMsOf(index: number): number {
    return this.times[this.at(index)];
  }

  isSacked(index: number): boolean {
    return (this.flags[this.at(index)] & SACKED) !== 0;
  }

  isLost(index: number): boolean {
    return (this.flags[this.at(index)] & LOST) !== 0;
  }

  wasSentAgain(index: number): boolean {
    return (this.flags[this.at(index)] & AGAIN) !== 0;
  }

  markSacked(index: number): void {
    const at = this.at(index);
    this.flags[at] = (this.flags[at] | SACKED) & ~LOST;
  }

  markLost(index: number): void {
    this.flags[this.at(index)] |= LOST;
  }

  /** The peer has thrown away what it said it holds. @source RFC 2018 section 8 */
  forgetSacks(): void {
    for (let index = 0; index < this.count; index++) this.flags[this.at(index)] &= ~SACKED;
  }

  /** Whether any was sent more than once. */
  hasCopies(): boolean {
    for (let index = 0; index < this.count; index++) if (this.wasSentAgain(index)) return true;
    return false;
  }

  /** Nothing was lost. */
  forgetLosses(): void {
    for (let index = 0; index < this.count; index++) this.flags[this.at(index)] &= ~LOST;
  }

  /** A segment was sent at `moment`: for the first time behind the last entry, or again. */
  note(start: number, end: number): void {
    if (this.count === 0) this.base = start;
    const known = this.count === 0 ? start : this.endOf(this.count - 1);
    if (seqBefore(start, known)) this.noteAgain(start, end);
    if (seqBefore(known, end)) this.append(end);
  }

  /** Everything before this is acknowledged. */
  removeBefore(ack: number): void {
    while (this.count > 0 && seqAtMost(this.endOf(0), ack)) {
      this.head = (this.head + 1) & (this.ends.length - 1);
      this.count--;
    }
    this.base = ack;
  }

  private noteAgain(start: number, end: number): void {
    for (let index = 0; index < this.count && seqBefore(this.startOf(index), end); index++) {
      if (seqAtMost(this.endOf(index), start)) continue;
      const at = this.at(index);
      this.times[at] = this.moment[0];
      this.flags[at] = (this.flags[at] | AGAIN) & ~LOST;
    }
  }

  private append(end: number): void {
    if (this.count === MOST_ENTRIES) this.count--;
    if (this.count === this.ends.length) this.grow();
    const at = this.at(this.count++);
    this.ends[at] = end;
    this.times[at] = this.moment[0];
    this.flags[at] = 0;
  }

  private grow(): void {
    const { ends, times, flags, count } = this;
    const order = Array.from({ length: count }, (_, index) => this.at(index));
    [this.ends, this.times, this.flags] = [
      new Int32Array(2 * count),
      new Float64Array(2 * count),
      new Uint8Array(2 * count),
    ];
    for (let index = 0; index < count; index++) {
      this.ends[index] = ends[order[index]];
      this.times[index] = times[order[index]];
      this.flags[index] = flags[order[index]];
    }
    this.head = 0;
  }

  private at(index: number): number {
    return (this.head + index) & (this.ends.length - 1);
  }

  /** Forgets everything. @returns Whether it is as small as a new one. */
  clear(): boolean {
    this.head = 0;
    this.count = 0;
    return this.ends.length === FIRST_ENTRIES;
  }
}

/** What a connection has that sends nothing any more. */
export const NOTHING_SENT: SentSegments = new SentSegments();

const MOST_SPARE = 256;

/** Lists of connections that are over, for those that come: to make one's arrays, and to collect them, took an eighth of a short connection's time. */
export class SpareLists {
  private readonly lists: SentSegments[] = [];

  take(): SentSegments {
    return this.lists.pop() ?? new SentSegments();
  }

  /** Takes one back, unless it has grown or there are many. */
  give(list: SentSegments): void {
    if (list !== NOTHING_SENT && list.clear() && this.lists.length < MOST_SPARE) this.lists.push(list);
  }
}
