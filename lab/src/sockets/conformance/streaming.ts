import { POLL } from "../api.js";
import type { Sentence } from "./room.js";

/** Bytes in a row, and nothing else. */
export const streaming: readonly Sentence[] = [
  {
    sentence: "what is sent on a connection arrives, both ways",
    source: "RFC 9293 section 3.1",
    show(room) {
      const { client, server } = room.connected();
      room.send(client, "question");
      room.equal("at the server", room.receive(server), "question");
      room.send(server, "answer");
      room.equal("at the client", room.receive(client), "answer");
    },
  },
  {
    sentence: "a stream keeps no message's boundaries",
    source: "POSIX section 2.10.6, SOCK_STREAM",
    show(room) {
      const { client, server } = room.connected();
      client.sockets.setsockopt(client.fd, "noDelay", 1);
      room.send(client, "one ");
      room.send(client, "two");
      const into = new Uint8Array(64);
      room.until("both are there", () => server.sockets.recvmsg(server.fd, into, true)?.length === 7);
      room.equal("in one call", room.receive(server), "one two");
    },
  },
  {
    sentence: "what does not fit into the buffer stays for the next call",
    source: "POSIX recvmsg()",
    show(room) {
      const { client, server } = room.connected();
      room.send(client, "abcdef");
      room.until(
        "all is there",
        () => server.sockets.recvmsg(server.fd, new Uint8Array(9), true)?.length === 6,
      );
      room.equal("first", room.receive(server, 4), "abcd");
      room.equal("then", room.receive(server, 4), "ef");
    },
  },
  {
    sentence: "a peek leaves the bytes where they are",
    source: "POSIX recvmsg(), MSG_PEEK",
    show(room) {
      const { client, server } = room.connected();
      room.send(client, "here");
      room.equal("peeked", room.receive(server, 64, true), "here");
      room.equal("read", room.receive(server), "here");
    },
  },
  {
    sentence: "recvmsg has nothing to give where nothing has come",
    source: "POSIX recvmsg(), EAGAIN",
    show(room) {
      const { server } = room.connected();
      room.equal("recvmsg", server.sockets.recvmsg(server.fd, new Uint8Array(8)), null);
    },
  },
  {
    sentence: "recvmsg on a stream that never connected says ENOTCONN",
    source: "POSIX recvmsg(), ENOTCONN",
    show(room) {
      const { sockets, fd } = room.socket("client", "stream");
      room.fails("ENOTCONN", () => sockets.recvmsg(fd, new Uint8Array(8)));
    },
  },
  {
    sentence: "sendmsg on a stream that never connected fails",
    source: "POSIX sendmsg(), ENOTCONN; Linux says EPIPE, tcp(7)",
    show(room) {
      const { sockets, fd } = room.socket("client", "stream");
      room.fails("ENOTCONN EPIPE", () => sockets.sendmsg(fd, new Uint8Array(8)));
    },
  },
  {
    sentence: "sending nothing takes nothing and sends nothing",
    source: "POSIX sendmsg()",
    show(room) {
      const { client, server } = room.connected();
      room.equal("taken", room.send(client, ""), 0);
      room.send(client, "x");
      room.equal("what arrives", room.receive(server), "x");
    },
  },
  {
    sentence: "a sender whom nobody reads is held up, and goes on when somebody does",
    source: "POSIX sendmsg(), EAGAIN; RFC 9293 section 3.8.6",
    show(room) {
      const { client, server } = room.connected();
      const piece = new Uint8Array(65_536);
      let sent = 0;
      const isFull = (): boolean => {
        const taken = client.sockets.sendmsg(client.fd, piece);
        sent += taken ?? 0;
        return taken === null && !room.canDo(client, POLL.out);
      };
      room.until("the sender is held up", isFull);
      const into = new Uint8Array(1 << 20);
      let read = 0;
      const isRead = (): boolean => {
        read += server.sockets.recvmsg(server.fd, into)?.length ?? 0;
        return read === sent;
      };
      room.until("all that was sent has been read", isRead);
      room.until("there is room again", () => room.canDo(client, POLL.out));
    },
  },
  {
    sentence: "a long stream arrives whole and in order",
    source: "RFC 9293 section 3.4",
    show(room) {
      const { client, server } = room.connected();
      const data = Uint8Array.from({ length: 500_000 }, (_, i) => (i * 31 + (i >> 9)) & 255);
      const got = new Uint8Array(data.length);
      let [sent, read] = [0, 0];
      const isDone = (): boolean => {
        if (sent < data.length) sent += client.sockets.sendmsg(client.fd, data.subarray(sent)) ?? 0;
        read += server.sockets.recvmsg(server.fd, got.subarray(read))?.length ?? 0;
        return read === data.length;
      };
      room.until("all has arrived", isDone);
      room.equal(
        "the first byte that differs",
        got.findIndex((byte, i) => byte !== data[i]),
        -1,
      );
    },
  },
];
