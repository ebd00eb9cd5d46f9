// How long does a packet's buffer live? A reader stalls, reads some of what waits, and closes its socket: whatever it
// did not read must then die, and the kernel's function that empties a closed UDP socket can be counted.
import { setTimeout as delay } from "node:timers/promises";
import { Testbed, twoHosts } from "../../net/index.js";
import { close, getSocketOption, MSG_DONTWAIT, receive, SOL_SOCKET } from "../../sys/index.js";
import { startTrace } from "../../trace/index.js";
import { attachXdp, loadXdp } from "../../xdp/index.js";
import type { Context, Experiment } from "../experiment.js";
import { datagram, openUdpSocket } from "../skb-paths.js";

/** How much to send to a socket whose reader stalls. */
export interface SkbLifetimeParams {
  /** Datagrams for each socket: more than its receive buffer takes, 64 to 65536. */
  readonly frames: number;
  /** How long the reader stalls before it reads, in ms. */
  readonly stallMs: number;
}

/** One socket, from its first packet to its end. */
export interface SkbLife {
  /** skbs that entered the stack, and how many of them found the receive buffer full. */
  readonly entered: number;
  readonly refused: number;
  /** skbs that waited in the socket when the last datagram had come, and those that died while the reader stalled. */
  readonly waiting: number;
  readonly diedWaiting: number;
  /** What the socket is charged for those that wait, and the most it may be charged; in bytes. */
  readonly chargedBytes: number;
  readonly limitBytes: number;
  /** Packets that the reader took by recv(2). */
  readonly read: number;
  /** skbs that died when the socket was closed. */
  readonly diedAtClose: number;
}

/** Sockets whose readers read none, a part, and all of what waited. */
export interface SkbLifetimeOutcome {
  readonly frames: number;
  readonly frameBytes: number;
  readonly stallMs: number;
  readonly lives: readonly SkbLife[];
}

const SO_MEMINFO = 55;
/** A closed socket is emptied after an RCU grace period, which ends late on a busy machine; where nothing is left to die, we look for a shorter time. */
const DEATH_MS = 10_000;
const NO_DEATH_MS = 400;
/** The kernel's function that frees what waits in a closed UDP socket. @source net/ipv4/udp.c, v6.18 */
const EMPTIES_SOCKET = "udp_destruct_common";
const SHARES: readonly number[] = [0, 0.25, 0.5, 0.75, 1];

/** What the kernel says of a socket's memory. @source include/uapi/linux/sock_diag.h, SK_MEMINFO_* */
function memoryOf(fd: number): { chargedBytes: number; limitBytes: number } {
  const words = getSocketOption(fd, SOL_SOCKET, SO_MEMINFO, 36, "socket memory");
  const view = new DataView(words.buffer, words.byteOffset);
  return { chargedBytes: view.getUint32(0, true), limitBytes: view.getUint32(4, true) };
}

async function live(
  testbed: Testbed,
  send: () => void,
  { share, stallMs, context }: { share: number; stallMs: number; context: Context },
): Promise<SkbLife> {
  const fd = openUdpSocket(testbed);
  const namespaces = [testbed.path("b")];
  const trace = startTrace({ skbs: { namespaces } });
  let open = true;
  try {
    send();
    const { entered, dropped, reasons } = trace.read().skbs.own;
    const waiting = entered - dropped;
    const memory = memoryOf(fd);
    await delay(stallMs, undefined, { signal: context.signal });
    const diedWaiting = trace.read().skbs.own.dropped - dropped;
    const read = readSome(fd, Math.round(waiting * share));
    close(fd);
    open = false;
    const diedAtClose = await deathsAtClose(trace, waiting - read, context.signal);
    const refused = reasons.SOCKET_RCVBUFF ?? 0;
    return { entered, refused, waiting, diedWaiting, ...memory, read, diedAtClose };
  } finally {
    trace.stop();
    if (open) close(fd);
  }
}

function readSome(fd: number, packets: number): number {
  const bytes = new Uint8Array(64);
  let read = 0;
  while (read < packets && receive(fd, bytes, MSG_DONTWAIT) !== null) read++;
  return read;
}

/** Waits until as many died as are expected to, or for as long as it may take, and then tells how many did, on the whole machine. */
async function deathsAtClose(
  trace: ReturnType<typeof startTrace<{ skbs: { namespaces: string[] } }>>,
  expected: number,
  signal: AbortSignal,
): Promise<number> {
  const deadlineMs = performance.now() + (expected === 0 ? NO_DEATH_MS : DEATH_MS);
  const died = (): number =>
    trace
      .read()
      .skbs.slab.flatMap(({ sites }) => sites)
      .reduce((sum, site) => sum + (site.function.startsWith(EMPTIES_SOCKET) ? site.frees : 0), 0);
  while (performance.now() < deadlineMs && (expected === 0 || died() < expected))
    await delay(10, undefined, { signal });
  return died();
}

async function run({ frames, stallMs }: SkbLifetimeParams, context: Context): Promise<SkbLifetimeOutcome> {
  let testbed: Testbed | undefined;
  context.onClose(() => testbed?.close());
  testbed = Testbed.create(twoHosts());
  attachXdp(testbed, "b", loadXdp("pass"));
  const frame = datagram();
  const injector = testbed.injector("a", frame);
  const lives: SkbLife[] = [];
  for (const share of SHARES) {
    const send = (): void => void injector.injectNow(frames);
    lives.push(await live(testbed, send, { share, stallMs, context }));
    context.progress(lives.length / SHARES.length, `socket ${lives.length} of ${SHARES.length} has ended`);
    await context.breathe();
  }
  return { frames, frameBytes: frame.length, stallMs, lives };
}

const experiment: Experiment<SkbLifetimeParams, SkbLifetimeOutcome> = {
  name: "skb-lifetime",
  module: import.meta.url,
  question: "How long does a packet's buffer live?",
  needs: ["root"],
  unit: "skbs",
  defaults: { frames: 1000, stallMs: 200 },
  unseen: [
    "whose buffers died at a close: the slab's events know no socket, so one that another program closes in this moment counts too",
    "the death of a buffer that was read: no event shows it, most likely as the kernel frees those later and in bulk; what is seen is that they do not die when the socket closes",
  ],
  headline: ({ lives }) => lives[0]!.diedAtClose,
  run,
};
export default experiment;
