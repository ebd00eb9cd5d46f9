// What the consuming thread does once its path is open: it obeys the control words, receives, and reports each run.
import { parentPort } from "node:worker_threads";
import { threadCpuNs } from "../sys/index.js";
import type { ConsumerMessage } from "./consumer-talk.js";
import { COMMAND, type Control } from "./control.js";
import type { EventReceiver, Receiver } from "./path.js";
import type { Sink } from "./sink.js";

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

function report(
  sink: Sink,
  receiver: Pick<Receiver, "drops" | "helperCpuNs" | "helperCpu">,
  before: CpuTimes,
): void {
  const own = threadCpuNs() - before.own;
  const helper = receiver.helperCpuNs?.() ?? null;
  const message: ConsumerMessage = {
    type: "ran",
    taken: sink.taken(),
    drops: receiver.drops(),
    cpuNs: own,
    helperCpuNs: helper === null ? null : helper - before.helper!,
    helperCpu: receiver.helperCpu?.() ?? null,
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
export function serve(receiver: Receiver, sink: Sink, control: Control, sharesCpu: boolean): void {
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
export function serveEvents(
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
