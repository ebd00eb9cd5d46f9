import type { Sentence } from "./room.js";

/** Addresses and ports: bind, getsockname, getpeername. */
export const naming: readonly Sentence[] = [
  {
    sentence: "a new socket has no address",
    source: "POSIX getsockname()",
    show(room) {
      const { sockets, fd } = room.socket("server", "stream");
      room.equal("name", sockets.getsockname(fd), { address: "0.0.0.0", port: 0 });
    },
  },
  ...(["stream", "datagram"] as const).flatMap((kind): Sentence[] => [
    {
      sentence: `bind to port 0 gives a ${kind} socket a free port`,
      source: "ip(7); RFC 6335 section 6",
      show(room) {
        const { at } = room.bound(kind);
        room.equal("the address", at.address, room.world.serverAddress);
        room.equal("the port is above 1023", at.port > 1023, true);
      },
    },
    {
      sentence: `a port that a ${kind} socket has is taken`,
      source: "POSIX bind(), EADDRINUSE",
      show(room) {
        const { at } = room.bound(kind);
        const { sockets, fd } = room.socket("server", kind);
        room.fails("EADDRINUSE", () => sockets.bind(fd, at));
      },
    },
    {
      sentence: `a ${kind} socket is bound once`,
      source: "POSIX bind(), EINVAL",
      show(room) {
        const { end } = room.bound(kind);
        room.fails("EINVAL", () => end.sockets.bind(end.fd, { address: room.world.serverAddress, port: 0 }));
      },
    },
    {
      sentence: `a ${kind} socket cannot have another host's address`,
      source: "POSIX bind(), EADDRNOTAVAIL",
      show(room) {
        const { sockets, fd } = room.socket("server", kind);
        room.fails("EADDRNOTAVAIL", () => sockets.bind(fd, { address: "192.0.2.1", port: 0 }));
      },
    },
    {
      sentence: `a ${kind} socket that is closed gives its port back`,
      source: "POSIX close()",
      show(room) {
        const { end, at } = room.bound(kind);
        room.close(end);
        const { sockets, fd } = room.socket("server", kind);
        sockets.bind(fd, at);
        room.equal("name", sockets.getsockname(fd), at);
      },
    },
    {
      sentence: `getpeername of a ${kind} socket without a peer says ENOTCONN`,
      source: "POSIX getpeername(), ENOTCONN",
      show(room) {
        const { end } = room.bound(kind);
        room.fails("ENOTCONN", () => end.sockets.getpeername(end.fd));
      },
    },
  ]),
  {
    sentence: "a stream and a datagram socket may have the same port",
    source: "RFC 6335 section 3",
    show(room) {
      const { at } = room.bound("stream");
      const { sockets, fd } = room.socket("server", "datagram");
      sockets.bind(fd, at);
      room.equal("name", sockets.getsockname(fd), at);
    },
  },
  {
    sentence: "both ends of a connection name each other",
    source: "POSIX getsockname(), getpeername()",
    show(room) {
      const { client, server } = room.connected();
      room.equal(
        "the client's peer is the server's name",
        client.sockets.getpeername(client.fd),
        server.sockets.getsockname(server.fd),
      );
      room.equal(
        "the server's peer is the client's name",
        server.sockets.getpeername(server.fd),
        client.sockets.getsockname(client.fd),
      );
    },
  },
  {
    sentence: "a connection keeps the port that its socket was bound to",
    source: "POSIX bind(), connect()",
    show(room) {
      const { end: listener, at } = room.listening();
      const client = room.socket("client", "stream");
      client.sockets.bind(client.fd, { address: room.world.clientAddress, port: 0 });
      const { port } = client.sockets.getsockname(client.fd);
      client.sockets.connect(client.fd, at);
      const server = room.accept(listener);
      room.equal("the peer's port", server.sockets.getpeername(server.fd).port, port);
    },
  },
];
