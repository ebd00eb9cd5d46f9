// Does a packet that arrives by AF_XDP cost its receiver a system call? Bursts are injected and drained in turn, and only
// while they are drained do the receiving thread's system calls count. The same counter must then see one `poll` for
// each packet of a loop that asks the kernel before it looks: a counter that always says 0 would prove nothing.
import { NotSupportedError } from "../../base/index.js";
import type { OwnershipLedger, RingSocket, XskStatistics } from "../../ring/index.js";
import { threadId } from "../../sys/index.js";
import { countDuring } from "../../trace/index.js";
import { type BindMode, openReceiver, openXdpSocketOn, type XdpReceiver } from "../../xdp/index.js";
import type { Context, Experiment } from "../experiment.js";
import { noteLinks } from "../note-links.js";

/** How much to receive. */
export interface AfXdpReceiveParams {
  /** Packets in all, a multiple of 4096. */
  readonly packets: number;
}

/** System calls of the receiving thread while it received. */
export interface CountedLoop {
  readonly packets: number;
  readonly total: number;
  /** Those of `total` that ask the kernel for packets, or whether there are any. */
  readonly receiving: number;
  readonly byName: Readonly<Record<string, number>>;
}

/** What was seen. */
export interface AfXdpReceiveOutcome {
  readonly injected: number;
  readonly received: number;
  /** Packets whose bytes were not those that were sent. */
  readonly damaged: number;
  /** Looking at the rings only. */
  readonly rings: CountedLoop;
  /** The counter's own test: one `poll` before each packet. */
  readonly asking: CountedLoop;
  /** Socket buffers that entered the receiver's stack during one burst of `packets`. */
  readonly skbs: { readonly packets: number; readonly entered: number };
  /** Bursts after which, once in the rx ring and once drained, every frame had one owner; and how often we looked. */
  readonly conserved: { readonly yes: number; readonly looked: number };
  /** The frames with a burst in the rx ring, and after it was drained. */
  readonly equations: readonly [string, string];
  /** What bind gave when the kernel could choose. */
  readonly mode: BindMode;
  /** What it answered when zero-copy was demanded. */
  readonly zeroCopy: string;
  /** Of the loop over the rings. */
  readonly statistics: XskStatistics;
}

const BURST = 4096;
const BATCH = 64;
const MARK = 0x5a;
const PACKET: Uint8Array = new Uint8Array(60).fill(0xff, 0, 6).fill(MARK, 14);

/** By which calls a program can ask for packets; what remains is the JavaScript engine's own business, e.g. `futex`. */
const RECEIVING: readonly string[] = [
  ...["read", "readv", "recvfrom", "recvmsg", "recvmmsg", "ioctl", "io_uring_enter"],
  ...["poll", "ppoll", "select", "pselect6", "epoll_wait", "epoll_pwait", "epoll_pwait2"],
];

interface Tally {
  received: number;
  damaged: number;
}

/** Handles what waits, at most `batch` packets. */
function receive({ rxRing, fillRing, umem }: RingSocket, batch: number, tally: Tally): void {
  const ready = rxRing.peek(batch);
  const refill = fillRing.reserve(ready);
  if (refill === null) return;
  const first = rxRing.cursor;
  for (let i = 0; i < ready; i++) {
    const addr = rxRing.addr(first + i);
    const last = umem.bytes[addr + PACKET.length - 1];
    if (rxRing.length(first + i) !== PACKET.length || last !== MARK) tally.damaged++;
    fillRing.write(refill + i, umem.frameStart(addr));
  }
  fillRing.submit(ready);
  rxRing.release(ready);
  tally.received += ready;
}

/** Receives one burst, which already waits, and counts meanwhile. */
async function countBurst(receiveSome: () => void, tally: Tally): Promise<CountedLoop> {
  const before = tally.received;
  const { counts } = await countDuring({ syscalls: { tids: [threadId()] } }, () => {
    for (let turns = 0; tally.received - before < BURST && turns < 2 * BURST; turns++) receiveSome();
  });
  const { total, byName } = counts.syscalls;
  const receiving = RECEIVING.reduce((calls, name) => calls + (byName[name] ?? 0), 0);
  return { packets: tally.received - before, total, receiving, byName };
}

function sum(a: CountedLoop, b: CountedLoop): CountedLoop {
  const byName: Record<string, number> = { ...a.byName };
  for (const [name, calls] of Object.entries(b.byName)) byName[name] = (byName[name] ?? 0) + calls;
  return {
    packets: a.packets + b.packets,
    total: a.total + b.total,
    receiving: a.receiving + b.receiving,
    byName,
  };
}

/** Asks for what a veth cannot do, on the queue that nobody uses. */
function demandZeroCopy({ testbed }: XdpReceiver, queue: number): string {
  try {
    openXdpSocketOn(testbed, "b", { queue, bindMode: "zeroCopyMode" }).close();
    return "granted";
  } catch (error) {
    if (error instanceof NotSupportedError) return error.message;
    throw error;
  }
}

async function run({ packets }: AfXdpReceiveParams, context: Context): Promise<AfXdpReceiveOutcome> {
  if (!(packets >= BURST && packets % BURST === 0)) {
    throw new RangeError(`Cannot receive ${packets} packets: they come in bursts of ${BURST} -> try 65536`);
  }
  let receiver: XdpReceiver | undefined;
  context.onClose(() => receiver?.close());
  const queue = context.cpu % 2;
  receiver = openReceiver({ queues: 2, queue, ringSize: BURST, frames: 2 * BURST, frame: PACKET });
  const { socket, injector } = receiver;
  noteLinks(context, receiver.testbed);
  const zeroCopy = demandZeroCopy(receiver, 1 - queue);

  const warm: Tally = { received: 0, damaged: 0 };
  injector.injectNow(BURST);
  while (socket.rxRing.peek(1) > 0) receive(socket, BATCH, warm);

  const tally: Tally = { received: 0, damaged: 0 };
  let rings: CountedLoop = { packets: 0, total: 0, receiving: 0, byName: {} };
  const ledgers: OwnershipLedger[] = [];
  let injected = 0;
  while (injected < packets) {
    injected += injector.injectNow(BURST).offered;
    ledgers.push(receiver.ledger());
    rings = sum(rings, await countBurst(() => receive(socket, BATCH, tally), tally));
    ledgers.push(receiver.ledger());
    context.progress(injected / packets, `${tally.received} of ${packets} packets received`);
    await context.breathe();
  }
  const statistics = socket.statistics();
  const asked: Tally = { received: 0, damaged: 0 };
  injector.injectNow(BURST);
  const asking = await countBurst(() => {
    socket.wait(0);
    receive(socket, 1, asked);
  }, asked);
  const namespaces = ["a", "b"].map((host) => receiver!.testbed.path(host));
  const traced = await countDuring({ skbs: { namespaces } }, () => injector.injectNow(BURST), context.signal);
  return {
    injected,
    ...tally,
    rings,
    asking,
    skbs: { packets: traced.result.offered, entered: traced.counts.skbs.own.entered },
    conserved: { yes: ledgers.filter((ledger) => ledger.conserved).length, looked: ledgers.length },
    equations: [ledgers[0]!.equation, ledgers[1]!.equation],
    mode: socket.mode,
    zeroCopy,
    statistics,
  };
}

const experiment: Experiment<AfXdpReceiveParams, AfXdpReceiveOutcome> = {
  name: "af-xdp-receive",
  module: import.meta.url,
  question: "How many system calls does a packet cost that is received by AF_XDP?",
  needs: ["root"],
  unit: "calls",
  defaults: { packets: 65_536 },
  unseen: [
    "what the kernel does before the packet is in the umem: softirq, NAPI, the XDP program, one copy",
    "a receiver that sleeps while nothing comes: it makes one poll each time it has run dry",
  ],
  headline: ({ rings }) => rings.receiving / rings.packets,
  run,
};
export default experiment;
