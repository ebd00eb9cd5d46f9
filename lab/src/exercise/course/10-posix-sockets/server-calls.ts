// The system calls that the learner's server makes, one for one, and what stands around them: a limit, the client that moves
// whenever the server is about to wait, and the kernel's eye.
import {
  accept,
  close,
  POLLIN,
  poll,
  SOL_SOCKET,
  type SocketMessage,
  setSocketOption,
} from "../../../sys/index.js";
import type { WatchCalls } from "../../../trace/index.js";
import { BudgetError } from "../../watch.js";

/** What a server may ask of the kernel; each function is exactly one system call. */
export interface ServerCalls {
  /** Takes the connection that waits: `accept4(2)`. @returns its descriptor */
  accept(listener: number): number;
  /** Asks whether there is something to receive: `poll(2)`. */
  poll(fd: number): boolean;
  /** Sleeps until there are bytes, and writes them into `bytes`: `recvmsg(2)`. @returns how many; 0 once the other side has closed */
  recvmsg(fd: number, bytes: Uint8Array): number;
  /** Sends all of `bytes`: `sendmsg(2)`. */
  sendmsg(fd: number, bytes: Uint8Array): void;
  /** Gives the descriptor back: `close(2)`. */
  close(fd: number): void;
}

/** Serves one client: answers each of its questions with the same bytes, until it closes. */
export type EchoServer = (calls: ServerCalls, listener: number) => void;

export const LARGEST_BYTES = 65_536;
/** Echoing 8 kB in pieces of 16 bytes stays below it. */
const MOST_CALLS = 2000;
const SO_RCVTIMEO = 20;
export const PATIENCE_MS = 500;

/** A waiting call of the server gives up after this: nobody else runs on this thread who could send. */
export function giveUpLater(fd: number): void {
  const time = new BigInt64Array([0n, BigInt(PATIENCE_MS * 1000)]);
  setSocketOption(fd, SOL_SOCKET, SO_RCVTIMEO, new Uint8Array(time.buffer), "how long a receive waits");
}

/** The other side, as far as the server's calls move it. */
export interface AskingClient {
  /** Bytes that the server has sent. */
  sent: number;
  /** Reads what the server has sent so far, then asks its next question, or closes after the last. */
  move(): void;
}

/** The calls as the server gets them: counted against a limit, on its own descriptors only, watched by the kernel. */
export function callsFor(
  client: AskingClient,
  own: Set<number>,
  message: SocketMessage,
  watchCalls: WatchCalls,
): ServerCalls {
  const spend = budgetOn(own);
  const watched = <T>(call: () => T): T => {
    let result: T | undefined;
    watchCalls(() => {
      result = call();
    });
    return result as T;
  };
  return {
    accept(listener) {
      spend("accept", listener);
      const fd = watched(() => accept(listener));
      own.add(fd);
      giveUpLater(fd);
      return fd;
    },
    poll(fd) {
      spend("poll", fd);
      client.move();
      return watched(() => poll(fd, POLLIN, PATIENCE_MS)) !== 0;
    },
    recvmsg(fd, bytes) {
      spend("recvmsg", fd);
      client.move();
      const got = watched(() => message.receive(fd, 0, Math.min(bytes.length, LARGEST_BYTES)));
      if (got === null)
        throw new Error(`recvmsg slept ${PATIENCE_MS} ms: the client waits for the rest of its answer`);
      bytes.set(message.bytes.subarray(0, got));
      return got;
    },
    sendmsg(fd, bytes) {
      spend("sendmsg", fd);
      message.bytes.set(bytes);
      client.sent += watched(() => message.send(fd, bytes.length));
    },
    close(fd) {
      spend("close", fd);
      own.delete(fd);
      watched(() => close(fd));
    },
  };
}

/** Refuses a call on somebody else's descriptor, and any once there were too many. */
function budgetOn(own: ReadonlySet<number>): (name: string, fd: number) => void {
  let made = 0;
  return (name, fd) => {
    if (++made > MOST_CALLS) {
      throw new BudgetError(`stopped at ${name} after ${MOST_CALLS} calls: does your loop end?`);
    }
    if (own.has(fd)) return;
    throw new RangeError(
      `Cannot ${name} on descriptor ${fd}: not the listener and not from accept, or closed -> pass what accept returned`,
    );
  };
}
