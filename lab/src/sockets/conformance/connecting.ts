import { POLL } from "../api.js";
import type { Sentence } from "./room.js";

/** From nothing to a connection: listen, connect, accept. */
export const connecting: readonly Sentence[] = [
  {
    sentence: "accept where nothing listens says EINVAL",
    source: "POSIX accept(), EINVAL",
    show(room) {
      const { end } = room.bound("stream");
      room.fails("EINVAL", () => end.sockets.accept(end.fd));
    },
  },
  {
    sentence: "a datagram socket cannot listen",
    source: "POSIX listen(), EOPNOTSUPP",
    show(room) {
      const { end } = room.bound("datagram");
      room.fails("EOPNOTSUPP", () => end.sockets.listen(end.fd, 1));
    },
  },
  {
    sentence: "a datagram socket cannot accept",
    source: "POSIX accept(), EOPNOTSUPP",
    show(room) {
      const { end } = room.bound("datagram");
      room.fails("EOPNOTSUPP", () => end.sockets.accept(end.fd));
    },
  },
  {
    sentence: "accept has nothing to give before somebody connects",
    source: "POSIX accept(), EAGAIN",
    show(room) {
      const { end } = room.listening();
      room.equal("accept", end.sockets.accept(end.fd), null);
    },
  },
  {
    sentence: "listen again on a listening socket is no error",
    source: "POSIX listen()",
    show(room) {
      const { end } = room.listening();
      end.sockets.listen(end.fd, 4);
    },
  },
  {
    sentence: "listen without bind takes a free port",
    source: "ip(7)",
    show(room) {
      const { sockets, fd } = room.socket("server", "stream");
      sockets.listen(fd, 1);
      room.equal("it has a port", sockets.getsockname(fd).port > 0, true);
    },
  },
  {
    sentence: "a connected socket cannot listen",
    source: "POSIX listen(), EINVAL",
    show(room) {
      const { client } = room.connected();
      room.fails("EINVAL", () => client.sockets.listen(client.fd, 1));
    },
  },
  {
    sentence: "a handshake is done before anybody accepts",
    source: "RFC 9293 section 3.5",
    show(room) {
      const { at } = room.listening();
      const client = room.socket("client", "stream");
      client.sockets.connect(client.fd, at);
      room.until("the client can send", () => room.canDo(client, POLL.out));
      room.equal("its error", client.sockets.takeError(client.fd), null);
    },
  },
  {
    sentence: "a port where nobody listens refuses",
    source: "POSIX connect(), ECONNREFUSED; RFC 9293 section 3.5.2",
    show(room) {
      const { end, at } = room.bound("stream");
      room.close(end);
      const { sockets, fd } = room.socket("client", "stream");
      let code: string | null = null;
      try {
        sockets.connect(fd, at);
        room.until("the refusal", () => (sockets.poll([{ fd, events: POLL.out }], 0)[0]! & POLL.error) !== 0);
        code = sockets.takeError(fd);
      } catch (error) {
        code = (error as { code: string }).code;
      }
      room.equal("the error", code, "ECONNREFUSED");
    },
  },
  {
    sentence: "an error is told once",
    source: "POSIX getsockopt(), SO_ERROR",
    show(room) {
      const { client, server } = room.connected();
      server.sockets.setsockopt(server.fd, "lingerMs", 0);
      room.close(server);
      const { sockets, fd } = client;
      room.until("the reset", () => (sockets.poll([{ fd, events: 0 }], 0)[0]! & POLL.error) !== 0);
      room.equal("first", sockets.takeError(fd), "ECONNRESET");
      room.equal("then", sockets.takeError(fd), null);
    },
  },
  {
    sentence: "connect on a connected socket says EISCONN",
    source: "POSIX connect(), EISCONN",
    show(room) {
      const { end: listener, at } = room.listening();
      const client = room.socket("client", "stream");
      client.sockets.connect(client.fd, at);
      room.accept(listener);
      // Until then it says EALREADY, and once that it is connected now.
      const isDone = (): boolean => {
        try {
          return client.sockets.connect(client.fd, at);
        } catch (error) {
          if ((error as { code: string }).code === "EALREADY") return false;
          throw error;
        }
      };
      room.until("connect says that it is connected", isDone);
      room.fails("EISCONN", () => client.sockets.connect(client.fd, at));
    },
  },
  {
    sentence: "connections are accepted in the order in which they came",
    source: "POSIX accept()",
    show(room) {
      const { end: listener, at } = room.listening();
      const ports = [0, 1, 2].map(() => {
        const client = room.socket("client", "stream");
        client.sockets.connect(client.fd, at);
        room.until("it is connected", () => room.canDo(client, POLL.out));
        return client.sockets.getsockname(client.fd).port;
      });
      const accepted = ports.map(() => {
        const server = room.accept(listener);
        return server.sockets.getpeername(server.fd).port;
      });
      room.equal("ports", accepted, ports);
    },
  },
  {
    sentence: "one listener serves several connections, each with a descriptor of its own",
    source: "POSIX accept()",
    show(room) {
      const { end: listener, at } = room.listening();
      const clients = ["a", "b"].map((name) => {
        const client = room.socket("client", "stream");
        client.sockets.connect(client.fd, at);
        room.until("it is connected", () => room.canDo(client, POLL.out));
        room.send(client, name);
        return client;
      });
      const heard = clients.map(() => room.receive(room.accept(listener)));
      room.equal("what each said", heard, ["a", "b"]);
    },
  },
];
