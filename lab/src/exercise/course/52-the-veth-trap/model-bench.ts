// A bench that misbehaves as real ones do, and the same way each time: it gets slower while it runs, its figures scatter, its
// first run is cold, its wire loses packets. It also keeps a record of how it was used. A model, so that the truth is known.
import { seededRandom } from "../../../stats/index.js";

/** One run: what the source offered, what the program was seen to handle, and how long that took. */
export interface BenchRun {
  readonly offered: number;
  readonly arrived: number;
  readonly seconds: number;
}

/** Two programs that drop packets, `a` and `b`, ready to be compared. */
export interface TestBench {
  /** Sends a load through one program. @param source who sends: a socket a packet at a time, or the injector of XDP frames */
  run(program: "a" | "b", source: "socket" | "frames"): BenchRun;
}

/** How a bench behaves. */
export interface BenchSpec {
  /** What a packet costs in each program, in ns. */
  readonly costNs: Readonly<Record<"a" | "b", number>>;
  /** By how much the machine slows down with each run, as a fraction: 0.01 is 1 %. */
  readonly driftPerRun?: number;
  /** Share of the packets that arrive. */
  readonly delivery?: Readonly<Record<"a" | "b", number>>;
}

/** What a learner did with a bench. */
export interface BenchUse {
  readonly program: "a" | "b";
  readonly source: "socket" | "frames";
}

const PACKETS = 1_000_000;
const SOCKET_NS = 2500;
const SCATTER = 0.04;
const COLD = 3;
const SEED = 52;

/** A bench, and the record of its runs so far. */
export class ModelBench implements TestBench {
  readonly uses: BenchUse[] = [];
  private readonly random: () => number = seededRandom(SEED);
  private readonly spec: BenchSpec;

  constructor(spec: BenchSpec) {
    this.spec = spec;
  }

  run(program: "a" | "b", source: "socket" | "frames"): BenchRun {
    if ((program !== "a" && program !== "b") || (source !== "socket" && source !== "frames")) {
      throw new RangeError(`Cannot run ${program} from ${source} -> run("a" or "b", "socket" or "frames")`);
    }
    const { costNs, driftPerRun = 0, delivery = { a: 1, b: 1 } } = this.spec;
    const scatter = 1 + SCATTER * (2 * this.random() - 1);
    const cold = this.uses.length === 0 ? COLD : 1;
    const drift = (1 + driftPerRun) ** this.uses.length;
    this.uses.push({ program, source });
    const packetNs = costNs[program] + (source === "socket" ? SOCKET_NS : 0);
    const arrived = Math.round(PACKETS * delivery[program]);
    return { offered: PACKETS, arrived, seconds: (PACKETS * packetNs * scatter * cold * drift) / 1e9 };
  }
}
