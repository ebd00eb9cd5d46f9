// Many runs on the virtual clock, each with troubles of its own drawn from its seed. Every one must deliver both streams
// whole, or say by a rule why not. RINGSIDE_SEEDS sets how many runs, RINGSIDE_SEED replays one.
import { ModelNetwork, type TcpConnection, type TcpOptions, type WireModel } from "ringside/stack";
import { seededRandom } from "ringside/stats";
import { expect, test } from "vitest";

const RUNS = Number(process.env.RINGSIDE_SEEDS ?? 600);
const ONLY = process.env.RINGSIDE_SEED;

interface Plan {
  model: WireModel;
  tcp: Partial<TcpOptions>;
  /** Bytes each way. */
  bytes: { a: number; b: number };
  /** The most that an application takes in one go; small ones shut the window. */
  appetite: number;
  simultaneous: boolean;
}

/** Draws a run. Sizes and faults span what a test can afford: from an empty stream to some hundred segments. */
function planOf(seed: number): Plan {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  return {
    model: {
      seed,
      delayMs: pick([0.05, 1, 20]),
      loss: pick([0, 0, 0.01, 0.05, 0.2, 0.3]),
      duplicate: pick([0, 0, 0.02, 0.2]),
      reorder: pick([0, 0, 0.05, 0.3]),
      reorderMs: pick([0.1, 5, 60]),
      corrupt: pick([0, 0, 0.01, 0.05]),
      queueFrames: pick([8, 50, 1000]),
      mtu: pick([576, 1500]),
    },
    tcp: {
      sack: pick([true, true, false]),
      receiveBufferBytes: pick([4096, 65_536, 262_144]),
      sendBufferBytes: pick([4096, 262_144]),
      minRtoMs: pick([20, 200]),
      // Nothing may give up: what is lost here is lost by chance.
      retries: 60,
      synRetries: 30,
    },
    bytes: { a: Math.floor(random() ** 3 * 120_000), b: Math.floor(random() ** 3 * 120_000) },
    appetite: pick([100, 3000, 1_000_000]),
    simultaneous: random() < 0.1,
  };
}

/** One end: writes its stream, shuts down, reads the other's, and closes. */
class End {
  readonly got: Uint8Array;
  private written = 0;
  private read = 0;
  private isShut = false;
  private readonly connection: TcpConnection;
  private readonly data: Uint8Array;
  private readonly appetite: number;

  constructor(connection: TcpConnection, data: Uint8Array, expected: number, appetite: number) {
    this.connection = connection;
    this.data = data;
    this.got = new Uint8Array(expected + 1);
    this.appetite = appetite;
  }

  step(): void {
    const { connection, data } = this;
    if (connection.state === "SYN-SENT" || connection.state === "SYN-RECEIVED") return;
    this.written += connection.write(data, this.written);
    if (this.written === data.length && !this.isShut) {
      this.isShut = true;
      connection.shutdown();
    }
    this.read += connection.read(this.got, this.read, Math.min(this.got.length, this.read + this.appetite));
  }

  get isDone(): boolean {
    return this.isShut && this.connection.atEnd;
  }

  get story(): string {
    return `${this.connection}, wrote ${this.written} of ${this.data.length}, read ${this.read}, failure ${this.connection.failure}`;
  }

  get readBytes(): Uint8Array {
    return this.got.subarray(0, this.read);
  }
}

function noise(length: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => random() * 256);
}

function connect(
  network: ModelNetwork,
  simultaneous: boolean,
): { a: TcpConnection; b: () => TcpConnection | null } {
  if (simultaneous) {
    const a = network.a.connectTcp({ address: network.b.address, port: 5002 }, { localPort: 5001 });
    const b = network.b.connectTcp({ address: network.a.address, port: 5001 }, { localPort: 5002 });
    return { a, b: () => b };
  }
  const listener = network.b.listenTcp(80, 4);
  let accepted: TcpConnection | null = null;
  const a = network.a.connectTcp({ address: network.b.address, port: 80 });
  return {
    a,
    b: () => {
      accepted ??= listener.accept();
      return accepted;
    },
  };
}

/** Lets the network and two applications live; a hungry one takes its next bite after a millisecond. @returns Whether it came to an end. */
function live(network: ModelNetwork, step: () => "over" | "hungry" | "waiting"): boolean {
  const { clock } = network;
  while (clock.nowMs() < 24 * 3_600_000) {
    network.settle();
    const state = step();
    if (state === "over") return true;
    if (state === "hungry") clock.advanceTo(Math.min(network.nextMs(), clock.nowMs() + 1));
    else if (!network.advance()) return false;
  }
  return false;
}

/** The hosts find each other before the wire turns bad: a neighbour that is asked three times in vain is unreachable, by rule. */
function meet(network: ModelNetwork): void {
  const { faults } = network.wire;
  network.wire.faults = { loss: 0, duplicate: 0, reorder: 0, reorderMs: 0, corrupt: 0 };
  network.a.ping(network.b.address, 1, 1, new Uint8Array(0));
  while (network.wire.nextMs() < Infinity) {
    network.advance();
    network.settle();
  }
  network.wire.faults = faults;
}

/** @returns null, or what went wrong. */
function run(seed: number): string | null {
  const plan = planOf(seed);
  const network = new ModelNetwork(plan.model, plan.tcp);
  meet(network);
  const data = { a: noise(plan.bytes.a, seed), b: noise(plan.bytes.b, seed + 1) };
  const pair = connect(network, plan.simultaneous);
  const a = new End(pair.a, data.a, data.b.length, plan.appetite);
  let b: End | null = null;
  const hasEnded = live(network, () => {
    const other = pair.b();
    if (b === null && other !== null) b = new End(other, data.b, data.a.length, plan.appetite);
    a.step();
    b?.step();
    const isHungry = pair.a.readable + (other?.readable ?? 0) > 0;
    const isOver = pair.a.failure !== null || other?.failure != null || (a.isDone && b?.isDone === true);
    return isOver ? "over" : isHungry ? "hungry" : "waiting";
  });
  const told = `seed ${seed}: a ${a.story}; b ${(b as End | null)?.story}; after ${network.clock.nowMs()} ms`;
  if (!hasEnded || b === null) return `${told}; it never ended`;
  if (Buffer.compare(a.readBytes, data.b) !== 0 || Buffer.compare((b as End).readBytes, data.a) !== 0)
    return `${told}; the streams differ`;
  pair.a.close();
  pair.b()!.close();
  const isGone = network.run(() => network.a.tcp.table.size + network.b.tcp.table.size === 0, 24 * 3_600_000);
  if (!isGone) return `${told}; not gone at the end: ${pair.a}, ${pair.b()}`;
  const timers = network.a.timers.size + network.b.timers.size;
  return timers <= 2 ? null : `${told}; ${timers} timers are left`; // a neighbour's may be
}

test(`deliver both streams whole in ${ONLY === undefined ? `${RUNS} runs` : `the run of seed ${ONLY}`}`, {
  timeout: 3_600_000,
}, () => {
  const seeds = ONLY === undefined ? Array.from({ length: RUNS }, (_, index) => index + 1) : [Number(ONLY)];
  const failures = seeds.map(run).filter((story) => story !== null);
  expect(failures, "replay one with RINGSIDE_SEED=<seed>").toEqual([]);
});

// Seeds that failed once. An acknowledgment with the window shut overtook the one that opened it; the timeout had gone back
// to bytes that the window no longer allowed, so nothing was sent and nothing asked whether it was still shut.
// In the last a copy of what is held behind a gap ended each probe, so another followed, and the timeout never came.
test.each([7718, 7772, 9484, 8397])(
  "deliver both streams whole in the run of seed %i, which failed once",
  (seed) => {
    expect(run(seed)).toBeNull();
  },
);
