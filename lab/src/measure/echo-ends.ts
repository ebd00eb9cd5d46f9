// One end of an echo, asking or answering, on sockets of the kernel or on our stack. Every way is a loop of its own that waits for one
// datagram at a time: what differs is whether waiting means to sleep, to ask again, or to look into memory.
import { openStackHere, type StackPlace } from "../links/index.js";
import { ipv4FromText } from "../packet/index.js";
import {
  AF_INET,
  bind,
  close,
  connect,
  EAGAIN,
  ipv4SocketAddress,
  type Mapping,
  MSG_DONTWAIT,
  mapAnonymous,
  PREPARED_CALL_BYTES,
  PreparedCall,
  SOCK_DGRAM,
  SOL_SOCKET,
  setSocketOption,
  socket,
  sysError,
  unmapUnderViews,
} from "../sys/index.js";

/** How an end waits: asleep in a blocking call, by calling again and again, or by polling a stack of ours, without a call. */
export type EchoWay = "sleeping" | "spinning" | "ours";

/** One end: who it is, whom it speaks with, and how. */
export interface EchoEndSpec {
  readonly way: EchoWay;
  readonly place: StackPlace;
  readonly peer: string;
}

/** An end that is open. */
export interface EchoEnd {
  /** Sends a question and waits for its answer. @throws Error where none comes */
  ask(): void;
  /** Waits for a question and sends it back. @throws Error where none comes */
  answer(): void;
  close(): void;
}

/** Both ends have it, and each hears its peer alone. @source RFC 862 */
const PORT = 7;
const MESSAGE_BYTES = 64;
/** How long a socket waits. */
const PATIENCE_S = 2;
/** Looks without a datagram after which it counts as lost: some seconds. */
const MOST_LOOKS = 1e7;
/** @source include/uapi/asm-generic/socket.h, v6.18; its value is a struct timeval */
const SO_RCVTIMEO = 20;

/** Opens an end in the calling thread's namespace, for this thread. @throws SysError EPERM for our stack without root */
export function openEchoEnd(spec: EchoEndSpec): EchoEnd {
  return spec.way === "ours" ? openStackEnd(spec) : new SocketEnd(spec);
}

function lost(): Error {
  return new Error("Cannot time echoes: a datagram did not come -> run `ringside reset` and try again");
}

/** A connected UDP socket, and its two calls. */
class SocketEnd implements EchoEnd {
  private readonly fd: number;
  private readonly memory: Mapping;
  private readonly sendCall: PreparedCall;
  private readonly receiveCall: PreparedCall;
  private readonly looks: number;

  constructor({ way, place, peer }: EchoEndSpec) {
    const { address } = place;
    this.fd = socket(AF_INET, SOCK_DGRAM, 0);
    bind(this.fd, ipv4SocketAddress(address, PORT), `UDP port ${PORT} of ${address}`);
    connect(this.fd, ipv4SocketAddress(peer, PORT), `${address} to ${peer}`);
    const time = new Uint8Array(new BigInt64Array([BigInt(PATIENCE_S), 0n]).buffer);
    setSocketOption(this.fd, SOL_SOCKET, SO_RCVTIMEO, time, "how long a receive waits");
    this.looks = way === "sleeping" ? 1 : MOST_LOOKS;
    this.memory = mapAnonymous(2 * PREPARED_CALL_BYTES + MESSAGE_BYTES);
    const message = this.memory.address + 2 * PREPARED_CALL_BYTES;
    const call = (name: "sendto" | "recvfrom", flags: number, at: number): PreparedCall =>
      new PreparedCall(name, [this.fd, message, MESSAGE_BYTES, flags, 0, 0], this.memory, at);
    this.sendCall = call("sendto", 0, 0);
    this.receiveCall = call("recvfrom", way === "sleeping" ? 0 : MSG_DONTWAIT, PREPARED_CALL_BYTES);
  }

  ask(): void {
    this.send();
    this.receive();
  }

  answer(): void {
    this.receive();
    this.send();
  }

  close(): void {
    close(this.fd);
    unmapUnderViews(this.memory);
  }

  private send(): void {
    const sent = this.sendCall.run();
    if (sent < 0) throw sysError("sendto", `send ${MESSAGE_BYTES} bytes`, -sent);
  }

  private receive(): void {
    for (let look = 0; look < this.looks; look++) {
      const got = this.receiveCall.run();
      if (got === MESSAGE_BYTES) return;
      if (got !== -EAGAIN) throw got < 0 ? sysError("recvfrom", "receive a datagram", -got) : lost();
    }
    throw lost();
  }
}

/** A port of our stack, polled without pause. */
function openStackEnd({ place, peer }: EchoEndSpec): EchoEnd {
  const { stack, close: closeStack } = openStackHere(place);
  const port = stack.openUdp(PORT);
  const to = { address: ipv4FromText(peer), port: PORT };
  port.connect(to);
  const question = new Uint8Array(MESSAGE_BYTES).fill(7);
  const next = (): Uint8Array => {
    for (let look = 0; look < MOST_LOOKS; look++) {
      stack.poll();
      const got = port.receive();
      if (got !== null) return got.bytes;
    }
    throw lost();
  };
  return {
    ask(): void {
      port.send(to, question);
      if (next().length !== MESSAGE_BYTES) throw lost();
    },
    answer: () => void port.send(to, next()),
    close: closeStack,
  };
}
