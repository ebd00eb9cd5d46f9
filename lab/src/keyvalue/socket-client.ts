// A client as any application would have it: a connected UDP socket, one question at a time. It spins for the answer, so that
// what a round trip takes is the server's doing and the wire's, and not its own waking up.
import type { Testbed } from "../net/index.js";
import { addressOfEnd } from "../paths/index.js";
import {
  AF_INET,
  close,
  connect,
  inNamespace,
  ipv4SocketAddress,
  MSG_DONTWAIT,
  receive,
  SOCK_DGRAM,
  send,
  socket,
} from "../sys/index.js";
import {
  buildKvRequest,
  KV_AT,
  KV_MESSAGE_BYTES,
  KV_PORT,
  type KvMessage,
  readKvMessage,
} from "./message.js";

/** When an answer counts as lost, in ms. */
const LOST_MS = 500;
const ID_BYTES = 8;

/** A client on one host. It is closed with the testbed. */
export class KvSocketClient {
  private readonly fd: number;
  private readonly answer: Uint8Array = new Uint8Array(KV_MESSAGE_BYTES);
  private nextId = 1;
  /** Questions whose answer did not come. */
  lost = 0;

  constructor(testbed: Testbed, host: string) {
    const server = addressOfEnd(testbed.peer(host));
    this.fd = inNamespace(testbed.path(host), () => socket(AF_INET, SOCK_DGRAM, 0));
    testbed.own({ close: () => close(this.fd) });
    connect(this.fd, ipv4SocketAddress(server, KV_PORT), `key-value server at ${server}:${KV_PORT}`);
  }

  /** Asks for a key. @returns The answer, or null where none came in half a second. */
  get(key: number): KvMessage | null {
    return this.ask(buildKvRequest("get", key, this.nextId++));
  }

  /** Writes a key. @param value 32 bytes @returns The acknowledgement, or null where none came */
  put(key: number, value: Uint8Array): KvMessage | null {
    return this.ask(buildKvRequest("put", key, this.nextId++, value));
  }

  /** Asks for a key and says how long the answer took, in ns; null where none came. */
  timeGet(key: number): number | null {
    const request = buildKvRequest("get", key, this.nextId++);
    const startMs = performance.now();
    return this.exchange(request) ? (performance.now() - startMs) * 1e6 : null;
  }

  private ask(request: Uint8Array): KvMessage | null {
    return this.exchange(request) ? readKvMessage(this.answer) : null;
  }

  /** Whether the answer came. One to an earlier question, that was given up, is passed over. */
  private exchange(request: Uint8Array): boolean {
    const deadlineMs = performance.now() + LOST_MS;
    send(this.fd, request);
    while (performance.now() < deadlineMs) {
      const length = receive(this.fd, this.answer, MSG_DONTWAIT);
      if (length === KV_MESSAGE_BYTES && answersTo(request, this.answer)) return true;
    }
    this.lost++;
    return false;
  }
}

function answersTo(request: Uint8Array, answer: Uint8Array): boolean {
  for (let i = KV_AT.id; i < KV_AT.id + ID_BYTES; i++) if (answer[i] !== request[i]) return false;
  return true;
}
