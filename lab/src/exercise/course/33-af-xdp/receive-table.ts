// What a receive loop is tried on: a model socket whose four frames all lie in the fill ring, and a kernel
// that may be quick: it uses a frame or a slot in the very moment it is given back. That makes a race, which
// shows once in a million packets on a real machine, happen every time.
import { ModelSocket, type RingSocket } from "../../../ring/index.js";
import { mismatch, type Outcome, type Step, saw } from "../../types.js";
import { type RingCall, Watch, watchSocket } from "../../watch.js";

/** Handles all packets that are waiting. Returns how many they were. */
export type ReceiveLoop = (
  socket: RingSocket,
  onFrame: (addr: number, lengthBytes: number) => void,
) => number;

export interface Table {
  mine: ReceiveLoop;
  model: ModelSocket;
  /** The same rings, watched: what the learner's code gets. */
  socket: RingSocket;
  watch: Watch;
  /** Addresses of the frames that the application keeps. */
  held: number[];
  /** Packets in the rx ring, oldest first. */
  waiting: number[];
  /** Packets that the quick kernel delivers as soon as it has a frame and a slot. */
  queue: number[];
  nextPacket: number;
}

/** Slots of each ring, and frames. */
export const RING_SIZE = 4;

/** Length of packet number `id`; every byte of it is `id`. */
export function packetLength(id: number): number {
  return 60 + id;
}

/** How a table differs from the usual one. */
interface TableSpec {
  startCursor?: number;
  /** Packets that a quick kernel has at hand; 0 for a kernel that moves only between calls. */
  queued?: number;
  /** Frames that the application keeps for later. */
  spare?: number;
}

export function setTable(
  mine: ReceiveLoop,
  { startCursor = 0, queued = 0, spare = 0 }: TableSpec = {},
): Table {
  const model = new ModelSocket({ ringSize: RING_SIZE, frameCount: RING_SIZE + spare, startCursor });
  offer(model, 0, RING_SIZE);
  const watch = new Watch();
  const held = Array.from({ length: spare }, (_, index) => model.umem.addrOf(RING_SIZE + index));
  const table: Table = { mine, model, socket: model, watch, held, waiting: [], queue: [], nextPacket: 1 };
  table.socket = watchSocket(model, watch, (call) => afterCall(table, call));
  while (table.queue.length < queued) table.queue.push(table.nextPacket++);
  deliverQueue(table);
  return table;
}

/** So many packets at a time, so often: each time they arrive, then `receive` is called. */
export function rounds(packets: number, times: number, receive: Step<Table>): Step<Table>[] {
  return Array.from({ length: times }, () => [arrive(packets), receive]).flat();
}

export function arrive(count: number): Step<Table> {
  return {
    action: count === 1 ? "a packet arrives" : `${count} packets arrive`,
    play: (table): Outcome => {
      for (let sent = 0; sent < count; sent++) table.queue.push(table.nextPacket++);
      deliverQueue(table);
      return table.queue.length === 0
        ? saw(`${table.waiting.length} in the rx ring`)
        : mismatch("a frame for each packet", "left the fill ring empty");
    },
  };
}

/** The application puts its spare frames into the fill ring. */
export const offerSpares: Step<Table> = {
  action: "the application refills",
  play: ({ model, held }) => {
    offer(model, RING_SIZE, held.splice(0).length);
    return saw(`${model.fillRing.free()} slots of the fill ring free`);
  },
};

/** The kernel takes what the fill ring holds, as it does a moment after it delivered a batch. */
export const takeFills: Step<Table> = {
  action: "the kernel takes frames",
  play: ({ model }) => {
    model.kernel.take(RING_SIZE);
    return saw(`${model.fillRing.free()} slots of the fill ring free`);
  },
};

function offer({ fillRing, umem }: ModelSocket, firstFrame: number, count: number): void {
  const first = fillRing.reserve(count) ?? 0;
  for (let index = 0; index < count; index++) {
    fillRing.write(first + index, umem.addrOf(firstFrame + index));
  }
  fillRing.submit(count);
}

function afterCall(table: Table, { operation }: RingCall): void {
  if (operation === "submit" || operation === "release") deliverQueue(table);
}

function deliverQueue({ model, queue, waiting }: Table): void {
  while (queue.length > 0) {
    const id = queue[0];
    if (model.kernel.receive(new Uint8Array(packetLength(id)).fill(id)) !== "delivered") return;
    waiting.push(id);
    queue.shift();
  }
}
