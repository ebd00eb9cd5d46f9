// The other side, as a process: it registers memory, says where it is, and from then on does nothing unless it is asked by its parent.
import type { RdmaCompletion } from "./completion.js";
import { openWireSocket, type WireSocket } from "./datagrams.js";
import { openRdma, type RdmaDevice } from "./device.js";
import type { QueuePair } from "./queue-pair.js";
import type { RegisteredMemory } from "./region.js";
import type { FarAnswer, FarQuestion } from "./target-talk.js";

let device: RdmaDevice;
let region: RegisteredMemory;
let queue: QueuePair;
let ownAddress: string;

function answer(question: FarQuestion): FarAnswer {
  switch (question.ask) {
    case "open": {
      device = openRdma(question.device);
      region = device.register(question.bytes, question.rights);
      queue = device.queuePair();
      ownAddress = question.address;
      return { address: region.address, remoteKey: region.remoteKey, number: queue.number };
    }
    case "connect":
      queue.connect(device.gidIndex(ownAddress), question.peer);
      return {};
    case "receive":
      queue.receive(question.id, { region, at: question.at, bytes: question.bytes });
      return {};
    case "send":
      queue.send(question.id, { region, at: question.at, bytes: question.bytes });
      return {};
    case "poll":
      return { completion: pollFor(question.forMs) };
    case "bytes":
      return { bytes: [...region.bytes.subarray(question.at, question.at + question.count)] };
    case "echo":
      // The socket is open before the answer: a datagram that came earlier would be lost.
      setImmediate(echo, openWireSocket(question.end, question.peer), question.count);
      return {};
  }
}

const DATAGRAM_BYTES = 2048;

function echo(socket: WireSocket, count: number): void {
  const datagram = new Uint8Array(DATAGRAM_BYTES);
  for (let left = count; left > 0; left--) {
    const length = socket.receive(datagram);
    if (length === null) break;
    socket.send(datagram.subarray(0, length));
  }
  socket.close();
}

function pollFor(ms: number): RdmaCompletion | null {
  const deadline = performance.now() + ms;
  let completion: RdmaCompletion | null;
  do completion = queue.poll();
  while (completion === null && performance.now() < deadline);
  return completion;
}

process.on("disconnect", () => process.exit(0));
process.on("message", (question: FarQuestion) => {
  try {
    process.send!(answer(question));
  } catch (error) {
    process.send!({ refused: (error as Error).message });
  }
});
