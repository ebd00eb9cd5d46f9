// A server that the learner wrote, and one client that asks it: both on one thread, so the client moves whenever the server is
// about to wait. The client asks its next question only when it has the whole answer to the last, and closes when it has asked
// all. What the server asked of the kernel is counted by the kernel.
import {
  AF_INET,
  bind,
  close,
  connect,
  getSocketName,
  ipv4SocketAddress,
  listen,
  MSG_DONTWAIT,
  POLLIN,
  poll,
  receive,
  SOCK_STREAM,
  SocketMessage,
  send,
  socket,
  threadId,
} from "../../../sys/index.js";
import { recordTimeline } from "../../../trace/index.js";
import { describeThrown } from "../../values.js";
import { BudgetError } from "../../watch.js";
import {
  type AskingClient,
  callsFor,
  type EchoServer,
  giveUpLater,
  LARGEST_BYTES,
  PATIENCE_MS,
} from "./server-calls.js";

/** The calls of `ServerCalls` as the kernel names them. */
export type ServerCallName = "accept4" | "poll" | "recvmsg" | "sendmsg" | "close";

/** How serving came out. */
export interface Served {
  /** By the kernel's tracepoints. */
  readonly counts: Readonly<Record<ServerCallName, number>>;
  /** Questions that were answered with their own bytes. */
  readonly answered: number;
  /** What the server threw, in words. */
  readonly failure: string | null;
  /** It went on calling and was stopped. */
  readonly stopped: boolean;
}

class Client implements AskingClient {
  answered = 0;
  /** Bytes that the server has sent. */
  sent = 0;
  private readonly fd: number;
  private readonly questions: readonly Uint8Array[];
  private asked = 0;
  private isOpen = true;
  private read = 0;
  private readonly answer: number[] = [];
  private readonly bytes: Uint8Array = new Uint8Array(LARGEST_BYTES);

  constructor(fd: number, questions: readonly Uint8Array[]) {
    this.fd = fd;
    this.questions = questions;
  }

  connect(address: Uint8Array): void {
    connect(this.fd, address, "the listener");
  }

  /** Reads the bytes that the server has sent so far, then asks the next question, or closes after the last. */
  move(): void {
    if (!this.isOpen) return;
    this.readAll();
    const last = this.questions[this.asked - 1];
    if (last !== undefined && this.answer.length < last.length) return;
    if (last !== undefined && this.answer.join() === last.join()) this.answered++;
    this.answer.length = 0;
    const next = this.questions[this.asked++];
    if (next === undefined) this.close();
    else send(this.fd, next);
  }

  private readAll(): void {
    while (this.read < this.sent && poll(this.fd, POLLIN, PATIENCE_MS) !== 0) {
      const got = receive(this.fd, this.bytes, MSG_DONTWAIT) ?? 0;
      if (got === 0) break;
      this.answer.push(...this.bytes.subarray(0, got));
      this.read += got;
    }
  }

  close(): void {
    if (this.isOpen) close(this.fd);
    this.isOpen = false;
  }
}

/**
 * Lets a server serve one client over TCP on the loopback interface.
 *
 * @param questions bytes of each question, up to 65536
 * @throws SysError, NotSupportedError where this machine cannot; nothing stays open
 */
export function serveOneClient(server: EchoServer, questions: readonly Uint8Array[]): Served {
  const listener = socket(AF_INET, SOCK_STREAM, 0);
  const own = new Set([listener]);
  const client = new Client(socket(AF_INET, SOCK_STREAM, 0), questions);
  const message = new SocketMessage(LARGEST_BYTES);
  let thrown: unknown;
  try {
    bind(listener, ipv4SocketAddress("127.0.0.1", 0), "a loopback port");
    listen(listener, 1);
    giveUpLater(listener);
    client.connect(getSocketName(listener));
    const events = recordTimeline({ tids: [threadId()], namespaces: [] }, (watchCalls) => {
      try {
        server(callsFor(client, own, message, watchCalls), listener);
      } catch (error) {
        thrown = error;
      }
    });
    client.move();
    const count = (...names: string[]): number =>
      events.filter((event) => event.kind === "call" && names.includes(event.name)).length;
    return {
      counts: {
        accept4: count("accept4"),
        poll: count("poll", "ppoll"),
        recvmsg: count("recvmsg"),
        sendmsg: count("sendmsg"),
        close: count("close"),
      },
      answered: client.answered,
      failure: thrown === undefined ? null : describeThrown(thrown),
      stopped: thrown instanceof BudgetError,
    };
  } finally {
    message.close();
    client.close();
    for (const fd of own) close(fd);
  }
}
