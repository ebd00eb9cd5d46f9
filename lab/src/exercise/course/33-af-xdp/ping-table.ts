// What a program that answers ping is tried on: a model socket of four frames, all in the fill ring, and a kernel that
// sends what it is woken for and reports it as sent at once.
import { ModelSocket, type RingSocket, takeLedger } from "../../../ring/index.js";
import { mismatch, type Outcome, type Step, saw } from "../../types.js";
import { Watch, watchSocket } from "../../watch.js";
import type { Arrival } from "./ping-frames.js";

/** The rings, and the one call that makes the kernel send. `XdpSocket` is one. */
export interface PingSocket extends RingSocket {
  /** Wakes the kernel, which then sends what was submitted to the tx ring. Returns false where it stopped early. */
  wakeTransmit(): boolean;
}

/** Handles all packets that wait, and answers the pings among them. Returns how many it answered. */
export type PingAnswerer = (socket: PingSocket) => number;

export interface PingTable {
  readonly mine: PingAnswerer;
  readonly model: ModelSocket;
  /** The same rings, watched: what the learner's code gets. */
  readonly socket: PingSocket;
  readonly watch: Watch;
  /** Frames in the rx ring, oldest first. */
  waiting: Arrival[];
  /** What the kernel sent since the last call began. */
  sent: Uint8Array[];
}

const RING_SIZE = 4;

/** Wraps a socket so that `watch` sees what is done to it; so even a loop without end comes to one. */
export function watchPingSocket(socket: PingSocket, watch: Watch): PingSocket {
  const wakeTransmit = (): boolean => {
    watch.spend("wakeTransmit");
    return socket.wakeTransmit();
  };
  return { ...watchSocket(socket, watch), wakeTransmit };
}

export function setPingTable(mine: PingAnswerer): PingTable {
  const model = new ModelSocket({ ringSize: RING_SIZE, frameCount: RING_SIZE });
  const first = model.fillRing.reserve(RING_SIZE) ?? 0;
  for (let frame = 0; frame < RING_SIZE; frame++) {
    model.fillRing.write(first + frame, model.umem.addrOf(frame));
  }
  model.fillRing.submit(RING_SIZE);
  const wakeTransmit = (): boolean => {
    table.sent.push(...model.kernel.transmit());
    model.kernel.complete();
    return true;
  };
  const watch = new Watch();
  const { umem, fillRing, rxRing, txRing, completionRing } = model;
  const socket = { umem, fillRing, rxRing, txRing, completionRing, wakeTransmit };
  const table: PingTable = {
    mine,
    model,
    socket: watchPingSocket(socket, watch),
    watch,
    waiting: [],
    sent: [],
  };
  return table;
}

/** Frames come in. What there is no frame for is lost, which is how a leak shows. */
export function arrive(...arrivals: readonly Arrival[]): Step<PingTable> {
  return {
    action: arrivals.length === 1 ? `${arrivals[0].name} arrives` : `${arrivals.length} packets arrive`,
    play: ({ model, waiting }): Outcome => {
      for (const arrival of arrivals) {
        if (model.kernel.receive(arrival.frame) !== "delivered") return deaf(model);
        waiting.push(arrival);
      }
      return saw(`${waiting.length} in the rx ring`);
    },
  };
}

function deaf(model: ModelSocket): Outcome {
  const { counts, equation } = takeLedger(model, [], model.kernel.holds);
  const diagnosis = counts.completion > 0 ? "never reads the completion ring" : undefined;
  return mismatch("a frame in the fill ring for it", `left ${equation}`, diagnosis);
}
