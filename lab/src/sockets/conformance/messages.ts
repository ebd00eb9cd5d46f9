import { POLL } from "../api.js";
import type { Sentence } from "./room.js";

/** Datagrams: each by itself, whole or not at all. */
export const messages: readonly Sentence[] = [
  {
    sentence: "a datagram arrives with its sender's address, which an answer can use",
    source: "POSIX recvmsg(), msg_name",
    show(room) {
      const { end: server, at } = room.bound("datagram");
      const client = room.socket("client", "datagram");
      room.send(client, "question", at);
      room.until("it is there", () => room.canDo(server, POLL.in));
      const into = new Uint8Array(16);
      const received = server.sockets.recvmsg(server.fd, into);
      room.send(server, "answer", received!.from!);
      room.equal("the answer", room.receive(client), "answer");
    },
  },
  {
    sentence: "a datagram keeps its boundaries",
    source: "POSIX section 2.10.6, SOCK_DGRAM",
    show(room) {
      const { client, server } = room.datagrams();
      room.send(client, "one");
      room.send(client, "two");
      room.equal("first", room.receive(server), "one");
      room.equal("second", room.receive(server), "two");
    },
  },
  {
    sentence: "what a datagram has more than the buffer is lost, and said to be",
    source: "POSIX recvmsg(), MSG_TRUNC",
    show(room) {
      const { client, server } = room.datagrams();
      room.send(client, "abcdef");
      room.send(client, "next");
      room.until("it is there", () => room.canDo(server, POLL.in));
      const into = new Uint8Array(4);
      const received = server.sockets.recvmsg(server.fd, into)!;
      room.equal("length and mark", [received.length, received.truncated], [4, true]);
      room.equal("what follows", room.receive(server), "next");
    },
  },
  {
    sentence: "a peek at a datagram leaves it where it is",
    source: "POSIX recvmsg(), MSG_PEEK",
    show(room) {
      const { client, server } = room.datagrams();
      room.send(client, "here");
      room.equal("peeked", room.receive(server, 64, true), "here");
      room.equal("read", room.receive(server), "here");
    },
  },
  {
    sentence: "an empty datagram is a datagram",
    source: "RFC 768; POSIX recvmsg()",
    show(room) {
      const { client, server } = room.datagrams();
      room.equal("taken", room.send(client, ""), 0);
      room.until("it is there", () => room.canDo(server, POLL.in));
      const received = server.sockets.recvmsg(server.fd, new Uint8Array(4));
      room.equal("its length", received?.length, 0);
    },
  },
  {
    sentence: "recvmsg has nothing to give where no datagram has come",
    source: "POSIX recvmsg(), EAGAIN",
    show(room) {
      const { end } = room.bound("datagram");
      room.equal("recvmsg", end.sockets.recvmsg(end.fd, new Uint8Array(8)), null);
    },
  },
  {
    sentence: "a datagram to nobody says EDESTADDRREQ",
    source: "POSIX sendmsg(), EDESTADDRREQ",
    show(room) {
      const client = room.socket("client", "datagram");
      room.fails("EDESTADDRREQ", () => room.send(client, "lost"));
    },
  },
  {
    sentence: "a datagram that no IP packet can carry says EMSGSIZE",
    source: "POSIX sendmsg(), EMSGSIZE; RFC 768",
    show(room) {
      const { client } = room.datagrams();
      room.fails("EMSGSIZE", () => client.sockets.sendmsg(client.fd, new Uint8Array(65_508)));
    },
  },
  {
    sentence: "a connected datagram socket hears its peer only",
    source: "POSIX connect(); RFC 1122 section 4.1.3.5",
    show(room) {
      const { client, server } = room.datagrams();
      const { port } = client.sockets.getsockname(client.fd);
      const { end: stranger } = room.bound("datagram");
      room.send(stranger, "psst", { address: room.world.clientAddress, port });
      room.send(server, "it is me", { address: room.world.clientAddress, port });
      room.equal("what is heard first", room.receive(client), "it is me");
    },
  },
  {
    sentence: "a connected datagram socket names its peer",
    source: "POSIX getpeername()",
    show(room) {
      const { client, at } = room.datagrams();
      room.equal("peer", client.sockets.getpeername(client.fd), at);
    },
  },
  {
    sentence: "a datagram socket may connect again, to somebody else",
    source: "POSIX connect()",
    show(room) {
      const { client } = room.datagrams();
      const { end: other, at } = room.bound("datagram");
      client.sockets.connect(client.fd, at);
      room.send(client, "hello");
      room.equal("at the other", room.receive(other), "hello");
    },
  },
  {
    sentence: "a connected datagram socket is told that nobody has the port",
    source: "RFC 1122 section 4.1.3.3; udp(7)",
    show(room) {
      const { client, server } = room.datagrams();
      room.close(server);
      room.send(client, "anybody?");
      room.until(
        "the error",
        () => (client.sockets.poll([{ fd: client.fd, events: 0 }], 0)[0]! & POLL.error) !== 0,
      );
      room.fails("ECONNREFUSED", () => client.sockets.recvmsg(client.fd, new Uint8Array(8)));
    },
  },
  {
    sentence: "shutdown of a datagram socket without a peer says ENOTCONN",
    source: "POSIX shutdown(), ENOTCONN",
    show(room) {
      const { end } = room.bound("datagram");
      room.fails("ENOTCONN", () => end.sockets.shutdown(end.fd, "both"));
    },
  },
];
