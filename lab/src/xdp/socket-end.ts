// The end of a station in an AF_XDP socket: its reader is a program of ours, and counts what it receives.
import { FramePool } from "../ring/index.js";
import { openXdpSocketOn } from "./open-socket.js";
import { attachXdp, loadXdp } from "./program.js";
import { readQueueCounts } from "./silence.js";
import type { EndRequest, PacketLoss, StationEnd } from "./station-end.js";

const SOCKET_SLOTS = 4096;
const BATCH = 64;

/** Redirects to a socket on host b, whose fill ring is full at the start. Asking for a count receives what has come until then. */
export function openSocketEnd({ testbed, mode }: EndRequest): StationEnd {
  const program = loadXdp("xsk_redirect");
  attachXdp(testbed, "b", program, mode);
  const umem = { frameSize: 2048, frameCount: 2 * SOCKET_SLOTS };
  const socket = testbed.own(openXdpSocketOn(testbed, "b", { ringSize: SOCKET_SLOTS, umem }));
  const { rxRing, fillRing } = socket;
  new FramePool(socket.umem).fill(fillRing);
  socket.attach(program.object.map("xsks"));
  let [received, bytes] = [0, 0];
  const receiveAll = (): number => {
    for (;;) {
      const ready = rxRing.peek(BATCH);
      const refill = fillRing.reserve(ready);
      if (ready === 0 || refill === null) return received;
      for (let i = 0; i < ready; i++) {
        bytes += rxRing.length(rxRing.cursor + i);
        fillRing.write(refill + i, socket.umem.frameStart(rxRing.addr(rxRing.cursor + i)));
      }
      fillRing.submit(ready);
      rxRing.release(ready);
      received += ready;
    }
  };
  return {
    program,
    countedBy: "the AF_XDP socket's reader",
    said: () => readQueueCounts(program.object.map("queues"), 1)[0]!.hits,
    ended: receiveAll,
    tally: () => ({ packets: receiveAll(), bytes }),
    losses(): PacketLoss[] {
      const { rxRingFull, rxDropped } = socket.statistics();
      return [
        { hop: "rx ring full", packets: rxRingFull },
        { hop: "no frame in the fill ring", packets: rxDropped },
      ];
    },
  };
}
