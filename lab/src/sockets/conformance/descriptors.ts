import { POLL } from "../api.js";
import type { Sentence } from "./room.js";

const BUFFER = new Uint8Array(8);

/** Numbers that stand for sockets. */
export const descriptors: readonly Sentence[] = [
  {
    sentence: "two sockets have two descriptors",
    source: "POSIX socket()",
    show(room) {
      const [a, b] = [room.socket("client", "stream"), room.socket("client", "stream")];
      room.equal("the same descriptor", a.fd === b.fd, false);
    },
  },
  {
    sentence: "no descriptor is negative",
    source: "POSIX socket(), return value",
    show(room) {
      room.equal("not negative", room.socket("client", "datagram").fd >= 0, true);
    },
  },
  ...(
    [
      ["bind", (room, fd) => room.world.client.bind(fd, { address: room.world.clientAddress, port: 0 })],
      ["listen", (room, fd) => room.world.client.listen(fd, 1)],
      ["accept", (room, fd) => room.world.client.accept(fd)],
      [
        "connect",
        (room, fd) => room.world.client.connect(fd, { address: room.world.serverAddress, port: 9 }),
      ],
      ["sendmsg", (room, fd) => room.world.client.sendmsg(fd, BUFFER)],
      ["recvmsg", (room, fd) => room.world.client.recvmsg(fd, BUFFER)],
      ["shutdown", (room, fd) => room.world.client.shutdown(fd, "both")],
      ["close", (room, fd) => room.world.client.close(fd)],
      ["getsockname", (room, fd) => room.world.client.getsockname(fd)],
      ["getpeername", (room, fd) => room.world.client.getpeername(fd)],
    ] as const satisfies readonly (readonly [
      string,
      (room: Parameters<Sentence["show"]>[0], fd: number) => unknown,
    ])[]
  ).map(
    ([name, call]): Sentence => ({
      sentence: `${name} after close says EBADF`,
      source: `POSIX ${name}()`,
      show(room) {
        const end = room.socket("client", "stream");
        room.close(end);
        room.fails("EBADF", () => call(room, end.fd));
      },
    }),
  ),
  {
    sentence: "poll says POLLNVAL of a closed descriptor",
    source: "POSIX poll()",
    show(room) {
      const end = room.socket("client", "stream");
      room.close(end);
      room.equal("events", end.sockets.poll([{ fd: end.fd, events: POLL.in }], 0), [POLL.invalid]);
    },
  },
  {
    sentence: "poll passes over a negative descriptor",
    source: "POSIX poll()",
    show(room) {
      room.equal("events", room.world.client.poll([{ fd: -1, events: POLL.in }], 0), [0]);
    },
  },
];
