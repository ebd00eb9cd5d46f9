// One TCP echo server, by whose stack it is: Linux's, ours or lwIP's, each in host b of a wire of its own. The experiment's thread drives
// it, turn by turn with its client on host a, so nobody sleeps and nobody is woken: what is timed is work alone.
import { openLiveStack } from "../links/index.js";
import { Testbed, twoHosts } from "../net/index.js";
import type { TcpConnection } from "../stack/index.js";
import {
  acceptFrom,
  checkLwip,
  close,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  receive,
  SOCK_NONBLOCK,
  send,
} from "../sys/index.js";
import type { Context } from "./experiment.js";
import { listenOn } from "./host-socket.js";
import { openLwipHost } from "./lwip-host.js";
import { noteLinks } from "./note-links.js";

/** A server that echoes what comes on each connection until its client ends it. */
export interface TcpEchoServer {
  readonly name: string;
  readonly testbed: Testbed;
  /** Takes the connections whose handshake is done. */
  accept(): void;
  /** Answers what has come, and closes whom the client has closed. */
  serve(): void;
}

/** Of a running experiment, what a server needs. */
type Owner = Pick<Context, "onClose" | "note">;

/** Where each of them listens, on host b. */
export const ECHO_PORT = 7;
const BACKLOG = 128;
const MESSAGE_BYTES = 2048;

/** Linux's sockets. It asks each connection in turn: no call is spent to find out which has a question, as a real server must. */
export function echoByKernel(context: Owner): TcpEchoServer {
  const testbed = Testbed.create(twoHosts());
  context.onClose(() => testbed.close());
  const listener = listenOn(testbed, "b", ECHO_PORT, BACKLOG, SOCK_NONBLOCK).fd;
  const open = new Set<number>();
  testbed.own({
    close: () => {
      for (const fd of open) close(fd);
    },
  });
  const bytes = new Uint8Array(MESSAGE_BYTES);
  return {
    name: "the kernel",
    testbed,
    accept() {
      for (let got = acceptFrom(listener); got !== null; got = acceptFrom(listener)) open.add(got.fd);
    },
    serve() {
      for (const fd of open) {
        const length = receive(fd, bytes, MSG_DONTWAIT);
        if (length === null) continue;
        if (length > 0) send(fd, bytes.subarray(0, length), null, MSG_NOSIGNAL);
        else if (open.delete(fd)) close(fd);
      }
    },
  };
}

/** Our stack: it tells each connection once, at the end of a poll, what came. A read that does not fill the buffer has left nothing. */
export function echoByUs(context: Owner): TcpEchoServer {
  const { testbed, stack, close: remove } = openLiveStack();
  context.onClose(remove);
  noteLinks(context, testbed);
  const listener = stack.listenTcp(ECHO_PORT, BACKLOG);
  const bytes = stack.allocate(MESSAGE_BYTES);
  const answer = (connection: TcpConnection): void => {
    for (let got = MESSAGE_BYTES; got === MESSAGE_BYTES; ) {
      got = connection.read(bytes);
      connection.write(bytes, 0, got);
    }
    if (connection.atEnd) connection.close();
  };
  listener.onEvents = () => {
    for (let got = listener.accept(); got !== null; got = listener.accept()) {
      const connection = got;
      connection.onEvents = () => answer(connection);
      answer(connection); // its first question may have come with the handshake's end
    }
  };
  const poll = (): void => void stack.poll();
  return { name: "our stack", testbed, accept: poll, serve: poll };
}

/** lwIP, which calls back for each segment. */
export function echoByLwip(context: Owner): TcpEchoServer {
  const { testbed, lwip } = openLwipHost(context);
  checkLwip(lwip.echo(ECHO_PORT, BACKLOG), "listen with lwIP");
  const poll = (): void => void lwip.poll();
  return { name: "lwIP", testbed, accept: poll, serve: poll };
}
