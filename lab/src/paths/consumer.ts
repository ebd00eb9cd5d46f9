// The consuming thread: a worker on a CPU of its own, in the receiver's namespace, that opens one path and does what the
// control words say. It never gives its event loop a turn while it receives, except where the path itself lives there.
import { parentPort, workerData } from "node:worker_threads";
import { NotSupportedError } from "../base/index.js";
import { blockSignals, enterNamespace, pinThread, threadId, writeDownHoldings } from "../sys/index.js";
import { pathOf } from "./catalogue.js";
import { serve, serveEvents } from "./consumer-loop.js";
import type { ConsumerMessage, ConsumerSpec } from "./consumer-talk.js";
import { Control } from "./control.js";
import type { EventPath, Receiver, ThreadPath } from "./path.js";
import { makeSink } from "./sinks.js";

function openReceiver(path: ThreadPath | EventPath, { language, place, options }: ConsumerSpec): Receiver {
  if (language === "typescript" && path.ends === "thread") return path.open(place, options);
  if (path.openTwin) return path.openTwin(place, options);
  throw new NotSupportedError(
    `${path.title} in C`,
    "a twin in kernels/native",
    "none",
    "compare a path that has one",
  );
}

async function consume(spec: ConsumerSpec): Promise<void> {
  writeDownHoldings(spec.holdings);
  blockSignals();
  pinThread([spec.cpu]);
  enterNamespace(spec.namespace);
  const path = pathOf(spec.path);
  const control = new Control(spec.control);
  const sink = makeSink(spec.touch, path.sees, spec.place.port, spec.paced);
  const ready: ConsumerMessage = { type: "ready", tid: threadId() };
  if (path.ends === "thread" || (path.ends === "eventLoop" && spec.language === "c")) {
    const receiver = openReceiver(path, spec);
    parentPort!.postMessage(ready);
    try {
      serve(receiver, sink, control, spec.sharesCpu);
    } finally {
      receiver.close();
    }
  } else if (path.ends === "eventLoop") {
    const receiver = await path.open(spec.place, spec.options);
    parentPort!.postMessage(ready);
    await serveEvents(receiver, sink, control, spec.sharesCpu);
    receiver.close();
  }
}

// A rejection ends the thread and reaches the other one as the worker's error.
if (parentPort !== null) void consume(workerData as ConsumerSpec);
