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

/** @param queued packets that a quick kernel has at hand; 0 for a kernel that moves only between calls */
export function setTable(mine: ReceiveLoop, startCursor = 0, queued = 0): Table {
  const model = new ModelSocket({ ringSize: RING_SIZE, frameCount: RING_SIZE, startCursor });
  const { fillRing, umem } = model;
  const first = fillRing.reserve(RING_SIZE) ?? 0;
  for (let frame = 0; frame < RING_SIZE; frame++) fillRing.write(first + frame, umem.addrOf(frame));
  fillRing.submit(RING_SIZE);
  const watch = new Watch();
  const table: Table = { mine, model, socket: model, watch, waiting: [], queue: [], nextPacket: 1 };
  table.socket = watchSocket(model, watch, (call) => afterCall(table, call));
  while (table.queue.length < queued) table.queue.push(table.nextPacket++);
  deliverQueue(table);
  return table;
}

/** So many packets at a time, so often: each time they arrive, then `receive` is called. */
export function rounds(packets: number, times: number, receive: Step<Table>): Step<Table>[] {
  return Array.from({ length: times }, () => [arrive(packets), receive]).flat();
}

function arrive(count: number): Step<Table> {
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
