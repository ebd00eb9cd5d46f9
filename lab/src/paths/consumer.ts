// The consuming thread: a worker on a CPU of its own, in the receiver's namespace, that opens one path and does what the
// control words say. It never gives its event loop a turn while it receives, except where the path itself lives there.
import { parentPort, workerData } from "node:worker_threads";
import { NotSupportedError } from "../base/index.js";
import type { Bucket } from "../stats/index.js";
import {
  blockSignals,
  enterNamespace,
  pinThread,
  threadCpuNs,
  threadId,
  writeDownHoldings,
} from "../sys/index.js";
import { pathOf } from "./catalogue.js";
import { COMMAND, Control } from "./control.js";
import type {
  EventPath,
  EventReceiver,
  HopCount,
  PathName,
  PathOptions,
  Place,
  Receiver,
  ThreadPath,
} from "./path.js";
import type { Sink, Taken, Touch } from "./sink.js";
import { makeSink } from "./sinks.js";

export type Language = "typescript" | "c";

/** What a consumer is started with. */
export interface ConsumerSpec {
  readonly path: PathName;
  readonly place: Place;
  readonly options: PathOptions;
  readonly namespace: string;
  readonly cpu: number;
  /** Whether the injector runs on that CPU, too: then whoever has to wait sleeps. */
  readonly sharesCpu: boolean;
  readonly touch: Touch;
  /** Whose loop receives: ours, or its twin in C. */
  readonly language: Language;
  /** Whether packets have due times: then latencies are kept. */
  readonly paced: boolean;
  readonly control: SharedArrayBuffer;
  /** Where it writes down what it holds, for whoever must give that back when it was ended by force. */
  readonly holdings: SharedArrayBuffer;
}

/** The same without the memory that both threads see. */
export type ConsumerTask = Omit<ConsumerSpec, "control" | "holdings">;

/** What it says: that it is ready, and after each run what it took. */
export type ConsumerMessage =
  | { readonly type: "ready"; readonly tid: number }
  | {
      readonly type: "ran";
      readonly taken: Taken;
      readonly drops: readonly HopCount[];
      readonly cpuNs: number;
      readonly helperCpuNs: number | null;
      readonly latencies: readonly Bucket[];
    };

/** Longest sleep where nothing waits, in ms: so late may a command be noticed. */
const SLEEP_MS = 5;
/** The same while resting. */
const REST_MS = 1000;

/** CPU time so far, in ns: this thread's, and that of the kernel's thread which works for it. */
interface CpuTimes {
  readonly own: number;
  readonly helper: number | null;
}

function readCpuTimes(receiver: Pick<Receiver, "helperCpuNs">): CpuTimes {
  return { helper: receiver.helperCpuNs?.() ?? null, own: threadCpuNs() };
}

function report(sink: Sink, receiver: Pick<Receiver, "drops" | "helperCpuNs">, before: CpuTimes): void {
  const own = threadCpuNs() - before.own;
  const helper = receiver.helperCpuNs?.() ?? null;
  const message: ConsumerMessage = {
    type: "ran",
    taken: sink.taken(),
    drops: receiver.drops(),
    cpuNs: own,
    helperCpuNs: helper === null ? null : helper - before.helper!,
    latencies: sink.latencies()?.buckets() ?? [],
  };
  parentPort!.postMessage(message);
}

/** Receives while the command is `run`, or until the target of `drain`. This loop is what is measured. */
function receiveWhile(
  command: typeof COMMAND.run | typeof COMMAND.drain,
  receiver: Receiver,
  sink: Sink,
  control: Control,
  sleeps: boolean,
): void {
  const target = command === COMMAND.drain ? control.target : Number.POSITIVE_INFINITY;
  const sleepMs = command === COMMAND.drain && !sleeps ? 0 : SLEEP_MS;
  sink.stopAt = Math.min(target, Number.MAX_SAFE_INTEGER);
  let received = control.received;
  while (received < target && control.command === command) {
    sink.fresh = true;
    const taken = receiver.receive(sink, sleepMs);
    if (taken > 0) control.received = received += taken;
    else control.countEmptyLook();
  }
}

/** Obeys the control words until `stop`; the event loop gets no turn. */
function serve(receiver: Receiver, sink: Sink, control: Control, sharesCpu: boolean): void {
  for (;;) {
    while (control.command === COMMAND.rest) control.waitWhile(COMMAND.rest, REST_MS);
    if (control.command === COMMAND.stop) return;
    sink.begin(control.expectation);
    control.received = 0;
    const before = readCpuTimes(receiver);
    control.isRunning = true;
    for (let command = control.command; ; command = control.command) {
      if (command === COMMAND.run) receiveWhile(command, receiver, sink, control, true);
      else if (command === COMMAND.drain) {
        receiveWhile(command, receiver, sink, control, sharesCpu);
        if (control.command === COMMAND.drain) control.command = COMMAND.hold;
      } else if (command !== COMMAND.hold) break;
      else if (sharesCpu) control.waitWhile(COMMAND.hold, REST_MS);
    }
    report(sink, receiver, before);
    control.isRunning = false;
  }
}

/** The same for a path that lives in the event loop: a message says when to look at the control words. */
function serveEvents(
  receiver: EventReceiver,
  sink: Sink,
  control: Control,
  sharesCpu: boolean,
): Promise<void> {
  let before: CpuTimes = { own: 0, helper: null };
  let received = 0;
  const hold = (): void => {
    while (control.command === COMMAND.hold) if (sharesCpu) control.waitWhile(COMMAND.hold, REST_MS);
    if (control.command !== COMMAND.drain) look();
  };
  const begin = (): void => {
    sink.begin(control.expectation);
    sink.fresh = true;
    control.received = received = 0;
    before = readCpuTimes(receiver);
    control.isRunning = true;
  };
  let ended = (): void => {};
  const look = (): void => {
    const { command } = control;
    const atWork = command !== COMMAND.rest && command !== COMMAND.stop;
    if (atWork && !control.isRunning) begin();
    if (!atWork && control.isRunning) {
      report(sink, receiver, before);
      control.isRunning = false;
    }
    if (command === COMMAND.hold) hold();
    if (command === COMMAND.stop) ended();
  };
  receiver.listen(sink, () => {
    control.received = ++received;
    sink.fresh = true;
    if (control.command === COMMAND.drain && received >= control.target) {
      control.command = COMMAND.hold;
      hold();
    }
  });
  parentPort!.on("message", look);
  return new Promise((resolve) => {
    ended = () => {
      parentPort!.off("message", look);
      resolve();
    };
  });
}

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
