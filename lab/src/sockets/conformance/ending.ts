import { POLL, type SocketAddress } from "../api.js";
import type { Room, Sentence } from "./room.js";

/** How a connection ends: orderly, by half, and not. */
export const ending: readonly Sentence[] = [
  {
    sentence: "the end of the other side reads as 0 bytes",
    source: "POSIX recvmsg(), return value",
    show(room) {
      const { client, server } = room.connected();
      room.close(client);
      room.equal("what is read", room.receive(server), "");
      room.equal("and again", room.receive(server), "");
    },
  },
  {
    sentence: "what was sent before the end is read before it",
    source: "RFC 9293 section 3.6",
    show(room) {
      const { client, server } = room.connected();
      room.send(client, "last words");
      room.close(client);
      room.equal("first", room.receive(server), "last words");
      room.equal("then", room.receive(server), "");
    },
  },
  {
    sentence: "who has ended their side can still read",
    source: "POSIX shutdown(); RFC 9293 section 3.6",
    show(room) {
      const { client, server } = room.connected();
      client.sockets.shutdown(client.fd, "write");
      room.equal("at the server", room.receive(server), "");
      room.send(server, "still here");
      room.equal("at the client", room.receive(client), "still here");
    },
  },
  {
    sentence: "who has ended their side cannot send",
    source: "POSIX sendmsg(), EPIPE",
    show(room) {
      const { client } = room.connected();
      client.sockets.shutdown(client.fd, "write");
      room.fails("EPIPE", () => room.send(client, "more"));
    },
  },
  {
    sentence: "who has shut down reading reads the end",
    source: "POSIX shutdown(), SHUT_RD",
    show(room) {
      const { client } = room.connected();
      client.sockets.shutdown(client.fd, "read");
      room.equal("what is read", room.receive(client), "");
    },
  },
  {
    sentence: "shutdown of a stream without a connection says ENOTCONN",
    source: "POSIX shutdown(), ENOTCONN",
    show(room) {
      const { end } = room.bound("stream");
      room.fails("ENOTCONN", () => end.sockets.shutdown(end.fd, "both"));
    },
  },
  {
    sentence: "closing with bytes unread resets the other side",
    source: "RFC 9293 section 3.6.1; RFC 2525 section 2.17",
    show(room) {
      const { client, server } = room.connected();
      client.sockets.setsockopt(client.fd, "keepAlive", 1); // nobody sends a reset again that was lost
      room.send(client, "unread");
      room.until("it is there", () => room.canDo(server, POLL.in));
      room.close(server);
      room.until(
        "the reset",
        () => (client.sockets.poll([{ fd: client.fd, events: 0 }], 0)[0]! & POLL.error) !== 0,
      );
      room.fails("ECONNRESET", () => client.sockets.recvmsg(client.fd, new Uint8Array(8)));
    },
  },
  {
    sentence: "a linger time of 0 turns close into a reset",
    source: "POSIX section 2.10.16, SO_LINGER",
    show(room) {
      const { client, server } = room.connected();
      client.sockets.setsockopt(client.fd, "lingerMs", 0);
      room.close(client);
      room.until(
        "the reset",
        () => (server.sockets.poll([{ fd: server.fd, events: 0 }], 0)[0]! & POLL.error) !== 0,
      );
      room.fails("ECONNRESET", () => server.sockets.recvmsg(server.fd, new Uint8Array(8)));
    },
  },
  {
    sentence: "after the reset was told, a stream reads its end and cannot be written",
    source: "POSIX sendmsg(), EPIPE; RFC 9293 section 3.10.7.4",
    show(room) {
      const { client, server } = room.connected();
      client.sockets.setsockopt(client.fd, "keepAlive", 1); // nobody sends a reset again that was lost
      server.sockets.setsockopt(server.fd, "lingerMs", 0);
      room.close(server);
      room.until(
        "the reset",
        () => (client.sockets.poll([{ fd: client.fd, events: 0 }], 0)[0]! & POLL.error) !== 0,
      );
      room.equal("the error", client.sockets.takeError(client.fd), "ECONNRESET");
      room.equal("what is read", room.receive(client), "");
      room.fails("EPIPE", () => room.send(client, "more"));
    },
  },
  {
    sentence: "the port of a connection that ended first here is held for a while",
    source: "RFC 9293 section 3.6.1, TIME-WAIT",
    show(room) {
      const at = leaveInTimeWait(room, 0);
      const next = room.socket("server", "stream");
      next.sockets.setsockopt(next.fd, "reuseAddress", 1);
      room.fails("EADDRINUSE", () => next.sockets.bind(next.fd, at));
    },
  },
  {
    sentence: "reuseAddress lets go of a port that is held, where the one who held it had set it, too",
    source: "socket(7), SO_REUSEADDR; net/ipv4/inet_connection_sock.c",
    show(room) {
      const at = leaveInTimeWait(room, 1);
      const next = room.socket("server", "stream");
      room.fails("EADDRINUSE", () => next.sockets.bind(next.fd, at));
      next.sockets.setsockopt(next.fd, "reuseAddress", 1);
      next.sockets.bind(next.fd, at);
      next.sockets.listen(next.fd, 1);
    },
  },
];

/** A connection that the server ends first, and the listener with it. @returns The port that is held. */
function leaveInTimeWait(room: Room, reuse: number): SocketAddress {
  const { end: listener, at } = room.listening();
  listener.sockets.setsockopt(listener.fd, "reuseAddress", reuse);
  const client = room.socket("client", "stream");
  client.sockets.connect(client.fd, at);
  const server = room.accept(listener);
  room.close(listener);
  room.close(server);
  room.equal("at the client", room.receive(client), "");
  room.close(client);
  return at;
}
