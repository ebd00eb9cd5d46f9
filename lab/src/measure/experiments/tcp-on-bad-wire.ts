// Our TCP sends to Linux's over a wire that loses frames on purpose. What passes our link is written down segment by segment,
// with the window of the path beside it, and every change of the connection's state.
import { createHash } from "node:crypto";
import {
  BadWire,
  type BadWireFaults,
  driveStack,
  machineClock,
  openStackOn,
  TapLink,
} from "../../links/index.js";
import type { Testbed } from "../../net/index.js";
import type { Connection, FrameLink, Stack } from "../../stack/index.js";
import {
  AF_INET,
  accept,
  bind,
  close,
  inNamespace,
  ipv4SocketAddress,
  listen,
  MSG_DONTWAIT,
  POLLIN,
  poll,
  receive,
  SOCK_STREAM,
  socket,
} from "../../sys/index.js";
import type { Context, Experiment } from "../experiment.js";
import { noteLinks } from "../note-links.js";
import { type SeenAck, SegmentNotes, type SentSegment, type StateChange } from "../segment-notes.js";

/** What to send, and through what. */
export interface TcpOnBadWireParams {
  /** 1 to 4096. */
  readonly kib: number;
  /** What happens to the frames that carry our bytes; the acknowledgments travel undisturbed. */
  readonly faults: BadWireFaults;
}

/** The whole transfer. */
export interface TcpOnBadWireOutcome {
  readonly bytes: number;
  /** The kernel's reader got the same bytes: both digests are the same. */
  readonly isWhole: boolean;
  readonly seconds: number;
  /** Frames from us that the wire saw, and lost. */
  readonly seen: number;
  readonly lost: number;
  readonly segments: readonly SentSegment[];
  readonly acks: readonly SeenAck[];
  readonly states: readonly StateChange[];
  /** Segments with text that went again; recoveries by duplicate acknowledgments, and timeouts. */
  readonly sentAgain: number;
  readonly fastRecoveries: number;
  readonly timeouts: number;
  readonly srttMs: number;
}

const PORT = 7001;
const A = 0x0a000001;
const PATIENCE_MS = 30_000;
const TCP = { minRtoMs: 20, timeWaitMs: 100 };

async function run({ kib, faults }: TcpOnBadWireParams, context: Context): Promise<TcpOnBadWireOutcome> {
  let wire: BadWire | undefined;
  context.onClose(() => wire?.close());
  wire = new BadWire(7);
  const notes = new SegmentNotes();
  const { testbed } = wire;
  const { stack } = openStackOn(testbed, { tcp: TCP, wrap: tapped(notes) });
  noteLinks(context, testbed);
  const reader = listenOnHostA(testbed);
  const sent = randomBytes(kib * 1024, context.random);
  const connection = await open(stack, notes);
  wire.set(faults, "bToA");
  const started = performance.now();
  const received = await transfer(stack, connection, sent, accept(reader));
  const seconds = (performance.now() - started) / 1000;
  const { seen, lost } = wire.tally("bToA");
  wire.set({});
  connection.close();
  await driveStack(stack, () => connection.state === "CLOSED", 5000);
  const digest = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  return {
    bytes: sent.length,
    isWhole: digest(sent) === digest(received),
    seconds,
    seen,
    lost,
    segments: notes.segments,
    acks: notes.acks,
    states: notes.states,
    sentAgain: notes.segments.filter(({ again }) => again).length,
    fastRecoveries: stack.counters.fastRecoveries,
    timeouts: stack.counters.timeouts,
    srttMs: connection.info().srttMs,
  };
}

function tapped(notes: SegmentNotes): (link: FrameLink) => TapLink {
  return (link) =>
    new TapLink(link, machineClock, (way, bytes, start, _end, atMs) => notes.see(way, bytes, start, atMs));
}

function randomBytes(length: number, random: () => number): Uint8Array {
  return Uint8Array.from({ length }, () => random() * 256);
}

function listenOnHostA(testbed: Testbed): number {
  const fd = inNamespace(testbed.path("a"), () => socket(AF_INET, SOCK_STREAM, 0));
  testbed.own({ close: () => close(fd) });
  bind(fd, ipv4SocketAddress("10.0.0.1", PORT), "a TCP port of host a");
  listen(fd, 1);
  return fd;
}

/** Shakes hands, and writes the states down from the first. */
async function open(stack: Stack, notes: SegmentNotes): Promise<Connection> {
  notes.startMs = machineClock.nowMs();
  stack.tcp.onState = ({ state }, from) =>
    notes.states.push({ atMs: machineClock.nowMs() - notes.startMs, from, to: state });
  const connection = stack.connectTcp({ address: A, port: PORT });
  notes.connection = connection;
  await driveStack(stack, () => connection.state !== "SYN-SENT", PATIENCE_MS);
  if (connection.state !== "ESTABLISHED") {
    throw new Error(
      `Cannot send to host a: ${connection}, ${connection.failure} -> run \`ringside reset\` and try again`,
    );
  }
  return connection;
}

/** Sends everything and ends; reads it from the kernel's socket meanwhile, to its end. */
async function transfer(
  stack: Stack,
  connection: Connection,
  sent: Uint8Array,
  fd: number,
): Promise<Uint8Array> {
  const received = new Uint8Array(sent.length + 1);
  const chunk = new Uint8Array(65_536);
  let [written, got] = [0, 0];
  const step = (): boolean => {
    written += connection.write(sent, written);
    if (written === sent.length) connection.shutdown();
    if (poll(fd, POLLIN, 0) === 0) return connection.failure !== null;
    const length = receive(fd, chunk, MSG_DONTWAIT) ?? 0;
    received.set(chunk.subarray(0, Math.min(length, received.length - got)), got);
    got += length;
    return length === 0 || got > sent.length;
  };
  await driveStack(stack, step, PATIENCE_MS);
  close(fd);
  return received.subarray(0, got);
}

const experiment: Experiment<TcpOnBadWireParams, TcpOnBadWireOutcome> = {
  name: "tcp-on-bad-wire",
  module: import.meta.url,
  question: "How many segments does our TCP send again when the wire loses each 40th frame?",
  needs: ["root"],
  unit: "segments",
  defaults: { kib: 512, faults: { every: 40 } },
  unseen: [
    "round trips of a real distance: this wire is microseconds long",
    "other senders on the same path",
  ],
  headline: ({ sentAgain }) => sentAgain,
  run,
};
export default experiment;
