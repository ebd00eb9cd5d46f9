// The server's side of the cache. Three things happen at a PUT: the store learns it, the cache learns it, the client is told.
// While they happen another core reads the cache, and the client may ask again as soon as it is told.
import { type Exercise, mismatch, type Outcome, type Step, saw, scenario } from "../../types.js";
import { describeValue } from "../../values.js";

/** A value and how often its key was written. */
export interface VersionedValue {
  readonly version: number;
  readonly value: string;
}

/** What a client asks. */
export interface StoreRequest {
  readonly op: "get" | "put";
  readonly key: string;
  /** Of a PUT. */
  readonly value?: string;
}

/** The map that the XDP program reads. */
export interface RequestCache {
  has(key: string): boolean;
  /** Puts an entry in or replaces it. @returns False where the kernel refused: then it is as it was before. */
  write(key: string, entry: VersionedValue): boolean;
  remove(key: string): void;
}

/** What the server's handler works with. */
export interface RequestServer {
  readonly store: Map<string, VersionedValue>;
  readonly cache: RequestCache;
  /** Sends the answer: the entry that was found or stored, null where there is none. From here on the client knows. */
  reply(entry: VersionedValue | null): void;
}

/** Handles one request; exactly one reply. A GET comes here when its key is not in the cache. */
export type RequestHandler = (request: StoreRequest, server: RequestServer) => void;

const CAPACITY = 2;

/** A server, and a reader of its cache who looks whenever the client has been told. */
class Bench implements RequestServer {
  readonly store: Map<string, VersionedValue> = new Map();
  readonly cached: Map<string, VersionedValue> = new Map();
  readonly mine: RequestHandler;
  refusesWrites = false;
  replies: (VersionedValue | null)[] = [];
  private writesBeforeReply = 0;
  private fault: Outcome | null = null;

  constructor(mine: RequestHandler) {
    this.mine = mine;
  }

  readonly cache: RequestCache = {
    has: (key) => this.cached.has(key),
    write: (key, entry) => {
      if (this.replies.length === 0) this.writesBeforeReply++;
      if (this.refusesWrites || (!this.cached.has(key) && this.cached.size >= CAPACITY)) return false;
      this.cached.set(key, { ...entry });
      return true;
    },
    remove: (key) => {
      this.cached.delete(key);
    },
  };

  reply(entry: VersionedValue | null): void {
    this.replies.push(entry === null ? null : { ...entry });
    if (this.replies.length > 1) this.fault ??= mismatch("one reply", `sent ${this.replies.length}`);
    for (const [key, seen] of this.cached) {
      const known =
        entry !== null && key === this.asked ? entry.version : (this.store.get(key)?.version ?? 0);
      if (seen.version < known) this.fault ??= this.stale(key, seen, known);
    }
  }

  private asked = "";

  private stale(key: string, seen: VersionedValue, known: number): Outcome {
    const after = this.refusesWrites && this.writesBeforeReply > 0;
    return mismatch(
      "the cache to be no older than what the client is told",
      `told of version ${known} of ${key} while the cache still answers with version ${seen.version}`,
      after ? "leaves the old value where a write failed" : "acknowledges before the cache knows",
    );
  }

  handle(request: StoreRequest): void {
    Object.assign(this, { replies: [], fault: null, writesBeforeReply: 0, asked: request.key });
    this.mine(request, this);
  }

  /** Reply and store are right, and the cache is true. */
  judge({ op, key, value }: StoreRequest, before: VersionedValue | undefined): Outcome | null {
    if (this.fault !== null) return this.fault;
    if (this.replies.length === 0) return mismatch("a reply", "sent none");
    const due = op === "put" ? { version: (before?.version ?? 0) + 1, value: value! } : (before ?? null);
    const [reply] = this.replies;
    if (JSON.stringify(reply) !== JSON.stringify(due))
      return mismatch(`the reply ${JSON.stringify(due)}`, `replied ${JSON.stringify(reply)}`);
    if (due !== null && JSON.stringify(this.store.get(key)) !== JSON.stringify(due))
      return mismatch(
        `${JSON.stringify(due)} in the store`,
        `left ${JSON.stringify(this.store.get(key))} there`,
      );
    for (const [cached, entry] of this.cached)
      if (JSON.stringify(entry) !== JSON.stringify(this.store.get(cached)))
        return mismatch(`the store's value of ${cached} in the cache`, `left ${JSON.stringify(entry)} there`);
    return null;
  }
}

function asks(request: StoreRequest, isCached?: boolean): Step<Bench> {
  const { op, key, value } = request;
  return {
    action: `${op.toUpperCase()} ${key}${value === undefined ? "" : ` = ${value}`}`,
    play(bench): Outcome {
      const before = bench.store.get(key);
      const entry = before && { ...before };
      bench.handle(request);
      const failed = bench.judge(request, entry);
      if (failed !== null) return failed;
      const cached = bench.cached.has(key);
      if (isCached === true && !cached)
        return mismatch(`${key} in the cache after it was asked for`, "left it out", "never fills its cache");
      return saw(cached ? "answered and cached" : "answered");
    },
  };
}

const refuse: Step<Bench> = {
  action: "from here on the kernel refuses every write to the map",
  play(bench): Outcome {
    bench.refusesWrites = true;
    return saw();
  },
};

/** Notebook 53: `check("53-requests-in-xdp/keep-it-true", handle)`. */
export const keepItTrue: Exercise<RequestHandler> = {
  id: "53-requests-in-xdp/keep-it-true",
  title: "Keep the cache true",
  points: 5,
  starterSteps: 2,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `keep-it-true: expected a function handle(request, server), your code handed in ${describeValue(mine)}`,
  hints: [
    "another core reads the cache all the time. What may it still see at the moment when the client is told that its PUT is done?",
    "the order is store, cache, reply. A GET that comes here was not in the cache: that is the moment to put it there.",
    "cache.write answers false where the kernel refused, and then the old value is still there for everyone to read. What can you do to the entry so that nobody reads it?",
  ],
  wrongAnswers: [
    {
      name: "acknowledges before the cache knows",
      hint: "between your reply and your write another core answers with the old value, to a client that knows of the new one. First the cache, then the reply.",
    },
    {
      name: "leaves the old value where a write failed",
      hint: "the write was refused, so the cache goes on answering with what it had. An entry that cannot be brought up to date must go: remove it before you reply.",
    },
    {
      name: "never fills its cache",
      hint: "the cache is empty at the start, and nobody but you writes to it. Put in what was asked for.",
    },
  ],
  scenarios: [
    scenario<RequestHandler, Bench>({
      name: "no reader sees less than a client was told",
      given: `an empty store, an empty cache with room for ${CAPACITY} keys, and a reader on another core`,
      start: (mine) => new Bench(mine),
      steps: [
        asks({ op: "get", key: "a" }),
        asks({ op: "put", key: "a", value: "1" }),
        asks({ op: "get", key: "a" }, true),
        asks({ op: "put", key: "a", value: "2" }),
        asks({ op: "put", key: "b", value: "1" }),
        asks({ op: "get", key: "b" }, true),
        asks({ op: "put", key: "c", value: "1" }),
        asks({ op: "get", key: "c" }),
        asks({ op: "put", key: "b", value: "2" }),
        refuse,
        asks({ op: "put", key: "a", value: "3" }),
        asks({ op: "get", key: "a" }),
        asks({ op: "put", key: "c", value: "2" }),
      ],
    }),
  ],
};
