// A station for each thing that XDP can do with a packet: a wire, the program, and whatever lies behind its verdict, so
// that the packets which went in can be compared with those that came through. Frames vanish silently from a veth: a
// verdict that works and one that loses everything look the same to the program.
import {
  type Injection,
  type InjectOptions,
  type Injector,
  Testbed,
  testFrame,
  threeHosts,
  twoHosts,
} from "../net/index.js";
import type { XdpMode } from "../sys/index.js";
import type { Ending, PacketLoss, StationEnd } from "./station-end.js";
import { openEnd } from "./station-ends.js";

/** What to build. */
export interface StationSpec {
  readonly ending: Ending;
  /** `native` runs the program in the driver, `generic` in the stack, after an skb was made. */
  readonly mode: XdpMode;
  /** 14 to 1514 bytes; 60 unless given. */
  readonly frameBytes?: number;
  /** Words of 8 bytes that a dropping program reads of each packet; left out, it looks at none. */
  readonly words?: number;
  /** For tx and redirect: nobody receives at the far end, neither a program nor GRO. */
  readonly deaf?: boolean;
  /** For cpumap: the CPU that the packets go to, best not the one that injects; 0 unless given. */
  readonly cpu?: number;
}

/** Every packet of one injection, from the wire to its end. */
export interface StationCount {
  readonly offered: number;
  /** Taken out of the ring by the driver of veth-b. */
  readonly arrived: number;
  /** How often the program gave its verdict. */
  readonly said: number;
  /** Packets that came through, and who counted them. */
  readonly ended: number;
  readonly countedBy: string;
  /** Where the others were lost, by hop. */
  readonly losses: readonly PacketLoss[];
  /** `offered - ended` less all losses: 0 when the counters reconcile. */
  readonly unaccounted: number;
  /** What the mode is, read back from the kernel. */
  readonly mode: string;
}

/** The same, with the time that the injection took. */
export interface TimedStationCount extends StationCount {
  readonly seconds: number;
}

/** Host a injects, the program runs on host b. */
export interface Station {
  readonly spec: StationSpec;
  readonly testbed: Testbed;
  readonly injector: Injector;
  readonly end: StationEnd;
  /** Injects in bursts that every queue on the way can hold, and waits for each at its end. */
  send(frames: number, signal?: AbortSignal): Promise<StationCount>;
  /** Injects as given, and says what came through. Where a queue is too short packets are lost, and counted. */
  sendAt(frames: number, options: InjectOptions & { signal?: AbortSignal }): Promise<TimedStationCount>;
  /** Removes everything. A second call does nothing. */
  close(): void;
}

const BURST = 2048;
/** How long the end may take to count what was sent before it counts as lost, in ms. */
const SETTLE_MS = 200;
const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * Builds a station.
 *
 * @throws SysError EPERM without root; nothing is left behind.
 */
export function openStation(spec: StationSpec): Station {
  const testbed = Testbed.create(spec.ending === "redirect" ? threeHosts() : twoHosts());
  try {
    const end = openEnd[spec.ending]({ cpu: 0, deaf: false, ...spec, testbed });
    const injector = testbed.injector("a", frameOf(testbed, spec.frameBytes));
    const parts = { testbed, injector, end };
    return {
      spec,
      ...parts,
      send: (frames, signal) => sendInBursts(parts, frames, signal),
      sendAt: (frames, options) => sendAndCount(parts, frames, options),
      close: () => testbed.close(),
    };
  } catch (error) {
    testbed.close();
    throw error;
  }
}

function frameOf(testbed: Testbed, lengthBytes: number | undefined): Uint8Array {
  return testFrame(testbed.end("a"), testbed.end("b"), lengthBytes);
}

/** What the counters said before an injection. */
interface Before {
  readonly said: number;
  readonly ended: number;
  readonly losses: readonly PacketLoss[];
}

function now(end: StationEnd): Before {
  return { said: end.said(), ended: end.ended(), losses: end.losses() };
}

async function sendInBursts(
  { testbed, injector, end }: Pick<Station, "testbed" | "injector" | "end">,
  frames: number,
  signal: AbortSignal | undefined,
): Promise<StationCount> {
  const before = now(end);
  const sent: Injection[] = [];
  for (let offered = 0; offered < frames; ) {
    const burst = await injector.inject(Math.min(BURST, frames - offered), signal ? { signal } : {});
    sent.push(burst);
    offered += burst.offered;
    settle(end, before, total(sent, "arrived"));
  }
  return countSince(testbed, end, before, sent);
}

async function sendAndCount(
  { testbed, injector, end }: Pick<Station, "testbed" | "injector" | "end">,
  frames: number,
  options: InjectOptions & { signal?: AbortSignal },
): Promise<TimedStationCount> {
  const before = now(end);
  const sent = await injector.inject(frames, options);
  settle(end, before, sent.arrived);
  return { ...countSince(testbed, end, before, [sent]), seconds: sent.seconds };
}

/** Waits until each packet has come through or was lost by a hop that counts. */
function settle(end: StationEnd, before: Before, arrived: number): void {
  const deadlineMs = performance.now() + SETTLE_MS;
  const lost = (): number => sum(end.losses()) - sum(before.losses);
  while (end.ended() - before.ended + lost() < arrived && performance.now() < deadlineMs) {
    Atomics.wait(never, 0, 0, 1); // the end's CPU may be this one
  }
}

function countSince(
  testbed: Testbed,
  end: StationEnd,
  before: Before,
  sent: readonly Injection[],
): StationCount {
  const after = now(end);
  const offered = total(sent, "offered");
  const ended = after.ended - before.ended;
  const onTheWire = sent.flatMap(({ losses }) => losses.map(({ hop, frames }) => ({ hop, packets: frames })));
  const behind = after.losses.map(({ hop, packets }, i) => ({
    hop,
    packets: packets - before.losses[i]!.packets,
  }));
  const losses = [...onTheWire, ...behind].filter(({ packets }) => packets !== 0);
  return {
    offered,
    arrived: total(sent, "arrived"),
    said: after.said - before.said,
    ended,
    countedBy: end.countedBy,
    losses,
    unaccounted: offered - ended - sum(losses),
    mode: testbed.facts("b").xdp,
  };
}

function sum(counts: readonly PacketLoss[]): number {
  return counts.reduce((packets, count) => packets + count.packets, 0);
}

function total(sent: readonly Injection[], name: "offered" | "arrived"): number {
  return sent.reduce((packets, injection) => packets + injection[name], 0);
}
