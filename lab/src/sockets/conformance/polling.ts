import { POLL } from "../api.js";
import type { End, Room, Sentence } from "./room.js";

const ALL = POLL.in | POLL.out;

function ready(_room: Room, { sockets, fd }: End): number {
  return sockets.poll([{ fd, events: ALL }], 0)[0]!;
}

/** What poll says, and when. */
export const polling: readonly Sentence[] = [
  {
    sentence: "a connection can be written and has nothing to read",
    source: "POSIX poll(), POLLOUT",
    show(room) {
      const { client } = room.connected();
      room.equal("events", ready(room, client), POLL.out);
    },
  },
  {
    sentence: "bytes that came can be read",
    source: "POSIX poll(), POLLIN",
    show(room) {
      const { client, server } = room.connected();
      room.send(client, "x");
      room.until("it can be read", () => ready(room, server) === (POLL.in | POLL.out));
    },
  },
  {
    sentence: "a listener can be read when a connection waits, and not before",
    source: "POSIX poll(), POLLIN",
    show(room) {
      const { end: listener, at } = room.listening();
      room.equal("before", ready(room, listener), 0);
      const client = room.socket("client", "stream");
      client.sockets.connect(client.fd, at);
      room.until("it can be read", () => ready(room, listener) === POLL.in);
    },
  },
  {
    sentence: "the end of the other side can be read",
    source: "POSIX poll(), POLLIN",
    show(room) {
      const { client, server } = room.connected();
      client.sockets.shutdown(client.fd, "write");
      room.until("it can be read", () => ready(room, server) === (POLL.in | POLL.out));
    },
  },
  {
    sentence: "a connection that both sides have ended says POLLHUP, asked for or not",
    source: "POSIX poll(), POLLHUP",
    show(room) {
      const { client, server } = room.connected();
      client.sockets.shutdown(client.fd, "write");
      room.equal("at the server", room.receive(server), "");
      server.sockets.shutdown(server.fd, "write");
      room.until(
        "the server hangs up",
        () => (server.sockets.poll([{ fd: server.fd, events: 0 }], 0)[0]! & POLL.hangUp) !== 0,
      );
    },
  },
  {
    sentence: "only what was asked for is told",
    source: "POSIX poll()",
    show(room) {
      const { client } = room.connected();
      const { sockets, fd } = client;
      room.equal("asked for nothing", sockets.poll([{ fd, events: 0 }], 0), [0]);
      room.equal("asked to read", sockets.poll([{ fd, events: POLL.in }], 0), [0]);
    },
  },
  {
    sentence: "a datagram socket can always be written",
    source: "POSIX poll(), POLLOUT",
    show(room) {
      const { end } = room.bound("datagram");
      room.equal("events", ready(room, end), POLL.out);
    },
  },
  {
    sentence: "several sockets are asked at once, and answer in their order",
    source: "POSIX poll()",
    show(room) {
      const { client, server } = room.datagrams();
      const { end: idle } = room.bound("datagram");
      room.send(client, "x");
      const { sockets } = server;
      const ask = (): number[] =>
        sockets.poll(
          [idle, server, idle].map(({ fd }) => ({ fd, events: POLL.in })),
          0,
        );
      room.until("the one in the middle can be read", () => ask()[1] === POLL.in);
      room.equal("all", ask(), [0, POLL.in, 0]);
    },
  },
  {
    sentence: "poll waits for what is on its way",
    source: "POSIX poll(), timeout",
    show(room) {
      const { client, server } = room.datagrams();
      room.send(client, "x");
      room.equal("events", server.sockets.poll([{ fd: server.fd, events: POLL.in }], 2000), [POLL.in]);
    },
  },
  {
    sentence: "poll gives up when its time is over",
    source: "POSIX poll(), timeout",
    show(room) {
      const { end } = room.bound("datagram");
      room.equal("events", end.sockets.poll([{ fd: end.fd, events: POLL.in }], 5), [0]);
    },
  },
  ...(["reuseAddress", "keepAlive", "noDelay"] as const).map(
    (option): Sentence => ({
      sentence: `${option} is off until it is set, and then on`,
      source: "POSIX setsockopt(), getsockopt()",
      show(room) {
        const { sockets, fd } = room.socket("client", "stream");
        room.equal("before", sockets.getsockopt(fd, option), 0);
        sockets.setsockopt(fd, option, 1);
        room.equal("after", sockets.getsockopt(fd, option), 1);
      },
    }),
  ),
];
