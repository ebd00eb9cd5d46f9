// A wire that behaves badly, for real: a host `m` between `a` and `b`, in which an XDP program passes frames from one
// side to the other and loses, repeats, corrupts and reorders as it is told. Overtaking is made by a detour: a frame is
// handed to another CPU, and others are through before that one has woken up.
import { Testbed, type TestbedSpec, twoHosts } from "../net/index.js";
import { allowedCpus, type BpfMap, inNamespace, interfaceIndex, u32Key } from "../sys/index.js";
import { attachXdp, attachXdpHere, loadXdp, openCpuQueue, type XdpProgram } from "../xdp/index.js";

/** What the wire does to frames of one direction. Shares are 0 to 1. */
export interface BadWireFaults {
  readonly loss?: number;
  /** Loses each n-th frame; 0: none. */
  readonly every?: number;
  /** A random loss takes so many frames in a row; 1 unless given. */
  readonly burst?: number;
  readonly duplicate?: number;
  readonly corrupt?: number;
  /** Share that makes the detour, which takes two CPUs; whom others overtake depends on how fast that CPU is, so this alone is not repeatable. */
  readonly reorder?: number;
}

/** What the wire has done in one direction. */
export interface BadWireTally {
  seen: number;
  lost: number;
  duplicated: number;
  corrupted: number;
  reordered: number;
}

type Direction = "aToB" | "bToA";
const DIRECTIONS: readonly Direction[] = ["aToB", "bToA"];
const DEEDS = ["seen", "lost", "duplicated", "corrupted", "reordered"] as const;

function badWireSpec(): TestbedSpec {
  const { wires } = twoHosts();
  const { a, b } = wires[0]!;
  const middle = (device: string, number: number): typeof a => ({
    host: "m",
    device,
    mac: `02:72:73:00:00:0${number}`,
    addresses: [],
  });
  return {
    hosts: ["a", "m", "b"],
    wires: [
      { ...wires[0]!, a, b: middle("to-a", 3) },
      { ...wires[0]!, a: middle("to-b", 4), b },
    ],
  };
}

/** Two CPUs, so that one of them is another than the sender's wherever that runs; the same twice if there is but one. */
function detourCpus(): [number, number] {
  const cpus = allowedCpus();
  return [cpus.at(-1)!, cpus[0]!];
}

/** Hosts `a` (10.0.0.1) and `b` (10.0.0.2) with a bad wire between them. */
export class BadWire {
  readonly testbed: Testbed;
  private readonly program: XdpProgram;

  /** @param seed of all chances, 1 or more @throws SysError EPERM without root */
  constructor(seed: number) {
    this.testbed = Testbed.create(badWireSpec());
    try {
      const cpus = detourCpus();
      const words = new Uint8Array(Uint32Array.from(cpus).buffer);
      this.program = loadXdp("bad_wire", { initialValues: { ".rodata": words } });
      for (const cpu of new Set(cpus))
        openCpuQueue(this.map("cpus"), cpu, this.program.object.program("back_from_detour"));
      this.knowNeighbours();
      this.lay(seed);
    } catch (error) {
      this.testbed.close();
      throw error;
    }
  }

  /** Sets what happens from now on. @param direction both unless given */
  set(faults: BadWireFaults, direction?: Direction): void {
    const chance = (share = 0): number => Math.min(Math.round(share * 2 ** 32), 0xffffffff);
    const words = Uint32Array.of(
      chance(faults.loss),
      faults.every ?? 0,
      faults.burst ?? 1,
      chance(faults.duplicate),
      chance(faults.corrupt),
      chance(faults.reorder),
    );
    for (const [index, name] of DIRECTIONS.entries()) {
      if (direction === undefined || direction === name)
        this.map("faults").update(u32Key(index), new Uint8Array(words.buffer));
    }
  }

  /** Counts since the wire was made. */
  tally(direction: Direction): BadWireTally {
    const first = DIRECTIONS.indexOf(direction) * DEEDS.length;
    const counts = DEEDS.map((deed, index) => [deed, this.map("deeds").readCounters(first + index)[0] ?? 0]);
    return Object.fromEntries(counts) as BadWireTally;
  }

  /** Removes everything. A second call does nothing. */
  close(): void {
    this.testbed.close();
  }

  private map(name: string): BpfMap {
    return this.program.object.map(name);
  }

  /** The hosts at the ends are each other's neighbours; nobody speaks with `m`. */
  private knowNeighbours(): void {
    const [a, b] = [this.testbed.end("a"), this.testbed.end("b")];
    for (const [own, peer] of [[a, b] as const, [b, a] as const]) {
      const address = peer.addresses[0]!.split("/")[0]!;
      const words = ["neigh", "replace", address, "lladdr", peer.mac, "dev", own.device, "nud", "permanent"];
      this.testbed.inside(own.host, "ip", ...words);
    }
  }

  /** Fills the maps and attaches the program to both interfaces of `m`. */
  private lay(seed: number): void {
    const { testbed } = this;
    const states = (index: number): Uint8Array =>
      new Uint8Array(Uint32Array.of(Math.imul(seed + index, 0x9e3779b1) | 1, 0, 0, 0).buffer);
    for (const index of [0, 1]) this.map("states").update(u32Key(index), states(index));
    inNamespace(testbed.path("m"), () => {
      const [toA, toB] = [interfaceIndex("to-a"), interfaceIndex("to-b")];
      for (const slot of [0, 1]) {
        this.map("twice_0").update(u32Key(slot), u32Key(toB));
        this.map("twice_1").update(u32Key(slot), u32Key(toA));
      }
      for (const [direction, [from, to]] of [[toA, toB] as const, [toB, toA] as const].entries()) {
        this.map("exits").update(u32Key(direction), u32Key(to));
        this.map("routes").update(u32Key(from), new Uint8Array(Uint32Array.of(direction, direction).buffer));
      }
    });
    attachXdp(testbed, "to-a", this.program);
    inNamespace(testbed.path("m"), () => testbed.own(attachXdpHere(this.program, "to-b")));
    this.set({});
  }
}
