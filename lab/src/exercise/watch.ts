// Learner code gets rings that tell what is done to them. Each call on a ring is counted against a budget,
// so a loop that never ends is stopped at once when it touches a ring, and the judge can say where; `guard.ts`
// stops any other. Reads outside what `peek` announced and writes outside what `reserve` gave are
// noted: with a real kernel they would be races, and pass on a lucky day.
import { Consumer, Producer, type RingSocket } from "../ring/index.js";

/** One call on a ring. */
export interface RingCall {
  ring: string;
  operation: string;
  args: readonly unknown[];
  result: unknown;
}

/**
 * `released`: the entry was given back in this step, before it was read; `stale`: it was given back in an earlier
 * step; `unseen`: it was never announced; `unreserved`: the slot was not ours to write.
 */
export interface Violation {
  ring: string;
  operation: string;
  cursor: number;
  /** Where the ring's own cursor stood. */
  ringCursor: number;
  rule: "released" | "stale" | "unseen" | "unreserved";
}

/** Thrown into learner code that goes on for ever. */
export class BudgetError extends Error {
  override readonly name: string = "BudgetError";
}

/** What learner code does to rings, recorded between two `restart`s. */
export class Watch {
  calls: RingCall[] = [];
  violations: Violation[] = [];
  private readonly budget: number;
  private left: number;

  /** @param budget ring operations that one step may take; a correct answer needs a few per packet */
  constructor(budget = 2000) {
    this.budget = budget;
    this.left = budget;
  }

  /** Forgets the record and grants a new budget: at the start of each step. */
  restart(): void {
    this.calls = [];
    this.violations = [];
    this.left = this.budget;
  }

  /** True once the budget was used up. */
  get exhausted(): boolean {
    return this.left < 0;
  }

  /** Returns how often an operation was called: `count("rxRing", "release")`. */
  count(ring: string, operation: string): number {
    return this.calls.filter((call) => call.ring === ring && call.operation === operation).length;
  }

  spend(what: string): void {
    if (--this.left < 0) {
      throw new BudgetError(`stopped at ${what} after ${this.budget} ring operations: does your loop end?`);
    }
  }
}

/**
 * Wraps the rings of a socket so that `watch` sees every call on them.
 *
 * @param afterCall runs after each call, e.g. to let a quick kernel use what was just given to it
 */
export function watchSocket(
  socket: RingSocket,
  watch: Watch,
  afterCall: (call: RingCall) => void = () => {},
): RingSocket {
  return {
    umem: socket.umem,
    fillRing: watchRing("fillRing", socket.fillRing, watch, afterCall),
    rxRing: watchRing("rxRing", socket.rxRing, watch, afterCall),
    txRing: watchRing("txRing", socket.txRing, watch, afterCall),
    completionRing: watchRing("completionRing", socket.completionRing, watch, afterCall),
  };
}

function watchRing<R extends Producer | Consumer>(
  name: string,
  ring: R,
  watch: Watch,
  afterCall: (call: RingCall) => void,
): R {
  let announced = 0;
  const note = (operation: string, args: readonly unknown[]): void => {
    const rule = brokenRule(ring, operation, Number(args[0]), announced);
    if (rule === null) return;
    const isStale = rule === "released" && watch.count(name, "release") === 0;
    const violation = { ring: name, operation, cursor: Number(args[0]), ringCursor: ring.cursor };
    watch.violations.push({ ...violation, rule: isStale ? "stale" : rule });
  };
  return new Proxy(ring, {
    get(target, property): unknown {
      const member = Reflect.get(target, property, target) as unknown;
      const operation = String(property);
      watch.spend(`${name}.${operation}`);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => {
        note(operation, args);
        const result = member.apply(target, args) as unknown;
        if (operation === "peek") announced = result as number;
        if (operation === "release") announced -= args[0] as number;
        const call = { ring: name, operation, args, result };
        watch.calls.push(call);
        afterCall(call);
        return result;
      };
    },
  });
}

const READS = new Set(["read", "addr", "length", "options"]);

function brokenRule(
  ring: Producer | Consumer,
  operation: string,
  cursor: number,
  announced: number,
): Violation["rule"] | null {
  if (ring instanceof Consumer && READS.has(operation)) {
    if (isWithin(cursor, ring.cursor, announced)) return null;
    return isWithin(cursor, ring.cursor - ring.size, ring.size) ? "released" : "unseen";
  }
  if (ring instanceof Producer && operation === "write") {
    return isWithin(cursor, ring.cursor - ring.pending, ring.pending) ? null : "unreserved";
  }
  return null;
}

/** Cursors wrap at 2^32: their distance is what counts. */
function isWithin(cursor: number, first: number, count: number): boolean {
  return Number.isInteger(cursor) && (cursor - first) >>> 0 < count;
}
