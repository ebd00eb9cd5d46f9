// The asking thread of the experiment `echo-calls`: Linux's sockets in the other namespace. It sends as many numbered datagrams as
// may be on their way, waits for all their echoes, and begins again.
import { parentPort, workerData } from "node:worker_threads";
import {
  KernelSockets,
  POLL,
  type SocketAddress,
  type SocketDescriptor,
  type Sockets,
} from "../sockets/index.js";
import { blockSignals, enterNamespace, pinThread } from "../sys/index.js";

/** What the thread is started with. */
export interface EchoClientSpec {
  readonly namespace: string;
  readonly server: SocketAddress;
  readonly cpu: number;
  /** One word: 1 once the order is done. The server's thread looks at it, because it has no time for messages. */
  readonly done: SharedArrayBuffer;
}

/** One run, as the server's thread asks for it. */
export interface EchoOrder {
  readonly messages: number;
  /** Datagrams on their way at once. */
  readonly window: number;
}

/** What came of it. */
export interface EchoReport {
  /** Echoes with the right number in them. */
  readonly answered: number;
  /** Datagrams sent again because no echo came in time. */
  readonly repeated: number;
}

const MESSAGE_BYTES = 32;
const PATIENCE_MS = 500;

/** Sends numbers `first` to `last` - 1 and waits for their echoes. @returns Those that did not come. */
function ask(sockets: Sockets, fd: SocketDescriptor, numbers: readonly number[]): number[] {
  const bytes = new Uint8Array(MESSAGE_BYTES);
  const view = new DataView(bytes.buffer);
  for (const number of numbers) {
    view.setUint32(0, number);
    sockets.sendmsg(fd, bytes);
  }
  const missing = new Set(numbers);
  while (missing.size > 0) {
    if (sockets.poll([{ fd, events: POLL.in }], PATIENCE_MS)[0] === 0) break;
    while (sockets.recvmsg(fd, bytes) !== null) missing.delete(view.getUint32(0));
  }
  return [...missing];
}

function askAll(sockets: Sockets, fd: SocketDescriptor, { messages, window }: EchoOrder): EchoReport {
  let repeated = 0;
  for (let first = 0; first < messages; first += window) {
    let numbers = Array.from({ length: Math.min(window, messages - first) }, (_, i) => first + i);
    for (;;) {
      numbers = ask(sockets, fd, numbers);
      if (numbers.length === 0) break;
      repeated += numbers.length;
    }
  }
  return { answered: messages, repeated };
}

function serve({ namespace, server, cpu, done }: EchoClientSpec): void {
  enterNamespace(namespace);
  blockSignals();
  pinThread([cpu]);
  const sockets = new KernelSockets();
  const fd = sockets.socket("datagram");
  sockets.connect(fd, server);
  parentPort!.on("message", (order: EchoOrder) => {
    parentPort!.postMessage(askAll(sockets, fd, order));
    Atomics.store(new Int32Array(done), 0, 1);
  });
  parentPort!.postMessage("ready");
}

if (parentPort !== null) serve(workerData as EchoClientSpec);
