// The other side, as a process: it registers memory, says where it is, and from then on does nothing unless it is asked by its parent.
import type { RdmaCompletion } from "./completion.js";
import { openRdma, type RdmaDevice } from "./device.js";
import type { QueuePair } from "./queue-pair.js";
import type { MemoryRegion } from "./region.js";
import type { FarAnswer, FarQuestion } from "./target-talk.js";

let device: RdmaDevice;
let region: MemoryRegion;
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
    case "close":
      device.close();
      return {};
  }
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
