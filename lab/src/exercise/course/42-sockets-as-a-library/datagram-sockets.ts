// A socket library small enough to write in a quarter of an hour: datagrams, over a ring that knows nothing of sockets.
import { type Exercise, saw } from "../../types.js";
import { describeValue } from "../../values.js";
import {
  answer,
  arrive,
  bind,
  close,
  fails,
  fdOf,
  open,
  play,
  poll,
  receive,
  send,
  type Table,
} from "./socket-table.js";
import type { DatagramSocketsMaker } from "./wire.js";

const scenarios = [
  play("one socket", [
    ...[open("a"), bind("a", 7), receive("a", undefined), arrive(7, "one"), arrive(7, "two")],
    ...[receive("a", "one"), receive("a", "two"), receive("a", undefined)],
  ]),
  play("two sockets, one ring", [
    ...[open("a"), open("b"), bind("a", 7), bind("b", 9), arrive(9, "for b"), arrive(7, "for a")],
    receive("a", "for a", "for b", "one queue for all"),
    receive("b", "for b", undefined, "loses what is not for the asker"),
    fails("bind(a socket c, 7)", "EADDRINUSE", ({ mine }) => mine.bind(mine.socket(), 7)),
  ]),
  play("poll", [
    ...[open("a"), open("b"), bind("a", 7), bind("b", 9), poll(["a", "b"], []), arrive(9, "news")],
    ...[poll(["a", "b"], ["b"]), poll(["b"], ["b"], "poll takes the datagram")],
    receive("b", "news", undefined, "poll takes the datagram"),
    poll(["a", "b"], []),
  ]),
  play("asking without a port", [
    ...[
      open("a"),
      open("b"),
      send("a", "who?"),
      send("b", "me, too"),
      answer("a", "you"),
      receive("a", "you"),
    ],
  ]),
  play("nobody's port", [
    ...[open("a"), bind("a", 7), arrive(99, "lost"), receive("a", undefined, "lost", "one queue for all")],
    ...[arrive(7, "mine"), receive("a", "mine")],
  ]),
  play("after close", [
    ...[open("a"), bind("a", 7), arrive(7, "too late"), close("a")],
    fails("recvfrom(a)", "EBADF", (table) => table.mine.recvfrom(fdOf(table, "a"))),
    {
      action: "forget a",
      play(table: Table) {
        table.fds.delete("a");
        return saw();
      },
    },
    ...[open("b"), bind("b", 7), receive("b", undefined, "too late", "hands on a closed socket's mail")],
  ]),
];

/** Notebook 42: `check("42-sockets-as-a-library/datagram-sockets", makeSockets)`. */
export const datagramSockets: Exercise<DatagramSocketsMaker> = {
  id: "42-sockets-as-a-library/datagram-sockets",
  title: "Datagram sockets over a ring",
  points: 4,
  starterSteps: 18,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `datagram-sockets: expected a function makeSockets(ring), your code handed in ${describeValue(mine)}`,
  hints: [
    "the ring has one queue for the whole host, a program wants one for each socket. Sorting is what the kernel did for you.",
    "whoever asks anything first takes all that is on the ring and sorts it by port into the sockets' own queues; poll then only looks, recvfrom takes.",
    "a Map from descriptor to { port, queue }; bind looks through its values for the port; sendto gives a socket without a port the next free one from 49152; close deletes.",
  ],
  wrongAnswers: [
    {
      name: "one queue for all",
      hint: "that datagram was for another port. What comes off the ring belongs to the socket that is bound to its port, and to nobody where there is none.",
    },
    {
      name: "loses what is not for the asker",
      hint: "the datagram was taken off the ring while another socket asked, and then it was gone. Keep it for its own socket.",
    },
    {
      name: "poll takes the datagram",
      hint: "poll says what recvfrom would find; after it recvfrom has to find it. Look at the queue and leave it as it is.",
    },
    {
      name: "sends from port 0",
      hint: "an answer goes to the port that the question came from. A socket without a port is given a free one when it first sends.",
    },
    {
      name: "shares a port",
      hint: "two sockets that send from the same port cannot tell their answers apart. Give each one of its own.",
    },
    {
      name: "keeps the port of a closed socket",
      hint: "close gives back the descriptor, and with it the port.",
    },
    {
      name: "hands on a closed socket's mail",
      hint: "what came for a socket that is closed is dropped; the next owner of its port begins with an empty queue.",
    },
  ],
  scenarios,
};
