// What happens at both ends when bytes get from one process's memory into another's: by a one-sided write, by a read, and by UDP sockets on
// the same wire. The target of the first two is stopped meanwhile, so that none of its threads can run; all the rest is counted.
import { setTimeout as delay } from "node:timers/promises";
import { nextCompletion, openRdmaSession, openWireSocket, type RdmaSession } from "../../rdma/index.js";
import { patient, threadId } from "../../sys/index.js";
import { countDuring } from "../../trace/index.js";
import type { Context, Experiment } from "../experiment.js";

/** How many messages each way gets. */
export interface RdmaEventsParams {
  readonly messages: number;
  /** Length of each, 1 to 1024: one packet. */
  readonly bytes: number;
}

/** One way for bytes to get there. */
export interface RdmaWay {
  readonly name: string;
  readonly messages: number;
  /** Messages whose bytes were found where they belong. */
  readonly arrived: number;
  /** System calls of our thread, by name. */
  readonly ourCalls: Readonly<Record<string, number>>;
  /** System calls of the target process, by name. */
  readonly targetCalls: Readonly<Record<string, number>>;
  /** How often a thread of the target left a CPU; 0 where none ever was on one. */
  readonly targetSwitches: number;
  /** Packets on the wire, both directions. */
  readonly packets: number;
  /** Runs of the softirq that takes packets in, on the whole machine. */
  readonly softirqs: number;
}

/** A request that the other side's device must not obey, and what became of it. */
export interface RdmaRefusal {
  readonly name: string;
  readonly status: string;
  /** Bytes of the target's region that changed. */
  readonly changed: number;
}

/** The figure that is guessed is how many system calls the target makes for one write. */
export interface RdmaEventsOutcome {
  readonly ways: readonly RdmaWay[];
  readonly refusals: readonly RdmaRefusal[];
}

const REGION_BYTES = 4096;
/** So long the target gets to come to rest before it is watched. */
const SETTLE_MS = 200;
/** And so long to make its last call, before the counting ends; we sleep meanwhile. */
const CALM_MS = 30;
const NEVER = new Int32Array(new SharedArrayBuffer(4));

/** Moves one message and says whether its bytes are there. */
type Move = (message: number) => boolean;

async function observe(name: string, session: RdmaSession, messages: number, move: Move): Promise<RdmaWay> {
  const watched = { pids: [session.target.pid] };
  const spec = { syscalls: { ...watched, tids: [threadId()] }, switches: watched, softirqs: true } as const;
  const sent = (): number => {
    const { near, far } = session.wire.counters();
    return near.packets.sent + far.packets.sent;
  };
  const before = sent();
  let arrived = 0;
  const { counts } = await countDuring(spec, () => {
    for (let message = 0; message < messages; message++) if (move(message)) arrived++;
    Atomics.wait(NEVER, 0, 0, patient(CALM_MS));
  });
  const callsOf = (ours: boolean): Record<string, number> => {
    const calls = counts.syscalls.calls.filter(({ tid }) => (tid === threadId()) === ours);
    const names = [...new Set(calls.map((call) => call.name))];
    return Object.fromEntries(
      names.map((each) => [
        each,
        calls.filter((call) => call.name === each).reduce((sum, call) => sum + call.calls, 0),
      ]),
    );
  };
  return {
    name,
    messages,
    arrived,
    ourCalls: callsOf(true),
    targetCalls: callsOf(false),
    targetSwitches: counts.switches.reduce((sum, each) => sum + each.voluntary + each.involuntary, 0),
    packets: sent() - before,
    softirqs: counts.softirqs
      .filter(({ kind }) => kind === "NET_RX")
      .reduce((sum, each) => sum + each.runs, 0),
  };
}

/** Write and read, with the target stopped: a message goes to its own place, and a read brings it back from there. */
async function oneSided(session: RdmaSession, { messages, bytes }: RdmaEventsParams): Promise<RdmaWay[]> {
  const { target, queue, ours } = session;
  const here = { region: ours, bytes };
  target.freeze();
  await delay(SETTLE_MS);
  const write = await observe("RDMA write", session, messages, (message) => {
    ours.bytes.fill(message + 1, 0, bytes);
    queue.write(message, here, target.memory);
    return nextCompletion(queue).status === "success";
  });
  ours.bytes.fill(0);
  const read = await observe("RDMA read", session, messages, (message) => {
    queue.read(message, here, target.memory);
    return nextCompletion(queue).status === "success" && ours.bytes[bytes - 1] === messages % 256;
  });
  target.thaw();
  const found = await target.bytes(0, bytes);
  if (!found.every((byte) => byte === messages % 256))
    throw new Error(
      `Cannot believe the completions: the target's region holds ${found.slice(0, 4).join(", ")}..., not the last write -> report it`,
    );
  return [write, read];
}

/** The same messages there and back by sockets. One more than is counted: it brings the target out of its loop. */
async function bySockets(session: RdmaSession, { messages, bytes }: RdmaEventsParams): Promise<RdmaWay> {
  const { wire, target } = session;
  const socket = openWireSocket(wire.near, wire.far.address);
  try {
    await target.echo(wire.far, wire.near.address, messages + 1);
    await delay(SETTLE_MS);
    const [out, back] = [new Uint8Array(bytes), new Uint8Array(bytes)];
    const move: Move = (message) => {
      out.fill(message + 1);
      socket.send(out);
      return socket.receive(back) === bytes && back[bytes - 1] === out[0];
    };
    const way = await observe("UDP, and its echo", session, messages, move);
    move(0);
    return way;
  } finally {
    socket.close();
  }
}

/** Each refusal ends its queue pair, so each gets its own. */
async function refusals(session: RdmaSession, context: Context): Promise<RdmaRefusal[]> {
  const cases = [
    { name: "wrong key", at: 0, keyFlip: 1 },
    { name: "4 bytes beyond the region", at: REGION_BYTES - 4, keyFlip: 0 },
  ];
  const seen: RdmaRefusal[] = [];
  for (const { name, at, keyFlip } of cases) {
    context.progress(0.6 + 0.2 * seen.length, name);
    const { queue, target } = await session.again();
    session.ours.bytes.fill(255, 0, 8);
    const { address, remoteKey } = target.memory;
    queue.write(
      1,
      { region: session.ours, bytes: 8 },
      { address: address + at, remoteKey: remoteKey ^ keyFlip },
    );
    const { status } = nextCompletion(queue);
    const region = await target.bytes(0, REGION_BYTES);
    seen.push({ name, status, changed: region.filter((byte) => byte !== 0).length });
  }
  return seen;
}

const total = (calls: Readonly<Record<string, number>>): number =>
  Object.values(calls).reduce((sum, each) => sum + each, 0);

const experiment: Experiment<RdmaEventsParams, RdmaEventsOutcome> = {
  name: "rdma-events",
  module: import.meta.url,
  question: "What do both ends do when bytes get from one process's memory into another's?",
  needs: ["rdma", "root"],
  unit: "calls",
  defaults: { messages: 100, bytes: 64 },
  unseen: [
    "a card that does RDMA itself: here the kernel acts it (soft-RoCE), and its work is on the path",
    "softirqs are counted on the whole machine, those of others among them",
  ],
  headline: ({ ways }) => total(ways[0]!.targetCalls) / ways[0]!.messages,
  async run(params, context) {
    context.progress(0, "the wire, its devices, and a process at its other end");
    const session = await openRdmaSession({ bytes: REGION_BYTES });
    context.onClose(() => session.close());
    context.note("rdma device", session.device.name);
    context.note("network namespaces of the wire", `${session.wire.namespaces}: ${session.wire.why}`);
    context.progress(0.2, "writes and reads, with the target stopped");
    const ways = await oneSided(session, params);
    context.progress(0.4, "sockets on the same wire");
    ways.push(await bySockets(session, params));
    return { ways, refusals: await refusals(session, context) };
  },
};
export default experiment;
