// A socket library small enough to write in a quarter of an hour: datagrams, over a ring that knows nothing of sockets.
import { type Exercise, mismatch, type Outcome, type Scenario, type Step, saw, scenario } from "../types.js";
import { describeValue } from "../values.js";
import {
  type DatagramSockets,
  type DatagramSocketsMaker,
  JudgesRing,
  PEER,
} from "./42-sockets-as-a-library/wire.js";

interface Table {
  readonly ring: JudgesRing;
  readonly mine: DatagramSockets;
  /** The learner's descriptors, by the names that the steps give them. */
  readonly fds: Map<string, number>;
  readonly ports: Map<string, number>;
}

const fdOf = ({ fds }: Table, name: string): number => fds.get(name)!;
const inWords = (text: string | undefined): string => (text === undefined ? "nothing" : `"${text}"`);

/** The errno name of what a call throws; what it gave where it throws nothing. */
function codeOf(call: () => unknown): string {
  try {
    return `gave ${describeValue(call())}`;
  } catch (error) {
    const { code } = error as { code?: unknown };
    return typeof code === "string"
      ? code
      : `threw without a code: ${String((error as Error)?.message ?? error)}`;
  }
}

function fails(
  action: string,
  wanted: string,
  call: (table: Table) => unknown,
  diagnosis?: string,
): Step<Table> {
  return {
    action,
    play(table) {
      const got = codeOf(() => call(table));
      return got === wanted ? saw(wanted) : mismatch(`an error with code ${wanted}`, got, diagnosis);
    },
  };
}

const open = (name: string): Step<Table> => ({
  action: `socket() -> ${name}`,
  play(table) {
    const fd = table.mine.socket();
    if (!Number.isInteger(fd) || fd < 0)
      return mismatch("a descriptor: a whole number from 0", `gave ${describeValue(fd)}`);
    if ([...table.fds.values()].includes(fd))
      return mismatch("a descriptor that no open socket has", `gave ${fd} again`);
    table.fds.set(name, fd);
    return saw(`descriptor ${fd}`);
  },
});

const bind = (name: string, port: number): Step<Table> => ({
  action: `bind(${name}, ${port})`,
  play(table): Outcome {
    const result = codeOf(() => table.mine.bind(fdOf(table, name), port));
    const isHeld = result === "EADDRINUSE";
    if (result.startsWith("gave")) return saw();
    return mismatch("no error", result, isHeld ? "keeps the port of a closed socket" : undefined);
  },
});

const arrive = (port: number, text: string): Step<Table> => ({
  action: `"${text}" arrives for port ${port}`,
  play(table) {
    table.ring.arrive(port, text);
    return saw();
  },
});

const receive = (
  name: string,
  text: string | undefined,
  other?: string,
  diagnosis?: string,
): Step<Table> => ({
  action: `recvfrom(${name})`,
  play(table) {
    const got = table.mine.recvfrom(fdOf(table, name));
    if ((got?.text ?? undefined) !== text) {
      return mismatch(
        inWords(text),
        `gave ${inWords(got?.text)}`,
        got?.text === other ? diagnosis : undefined,
      );
    }
    if (got !== null && (got.peer?.address !== PEER.address || got.peer?.port !== PEER.port)) {
      return mismatch(`from ${PEER.address}:${PEER.port}`, `said from ${describeValue(got.peer)}`);
    }
    return saw(inWords(text));
  },
});

const poll = (names: readonly string[], ready: readonly string[], diagnosis?: string): Step<Table> => ({
  action: `poll([${names.join(", ")}])`,
  play(table) {
    const got = table.mine.poll(names.map((name) => fdOf(table, name)));
    const nameOf = (fd: number): string => [...table.fds].find(([, each]) => each === fd)?.[0] ?? String(fd);
    const said = Array.isArray(got) ? got.map(nameOf) : [describeValue(got)];
    return said.join() === ready.join()
      ? saw(ready.join(", ") || "none")
      : mismatch(`[${ready.join(", ")}]`, `gave [${said.join(", ")}]`, diagnosis);
  },
});

const send = (name: string, text: string): Step<Table> => ({
  action: `sendto(${name}, "${text}", ${PEER.address}:${PEER.port})`,
  play(table) {
    const before = table.ring.sent.length;
    table.mine.sendto(fdOf(table, name), text, PEER);
    const [last, ...more] = table.ring.sent.slice(before);
    if (last === undefined || more.length > 0)
      return mismatch("one datagram on the ring", `put ${more.length + (last ? 1 : 0)}`);
    if (last.text !== text || last.peer.port !== PEER.port)
      return mismatch(`"${text}" to the peer`, `put ${describeValue(last)}`);
    if (!(last.port > 0)) {
      return mismatch("a port of its own to come from", `sent from port ${last.port}`, "sends from port 0");
    }
    if ([...table.ports].some(([other, port]) => other !== name && port === last.port)) {
      return mismatch("a port that no other socket has", `sent from port ${last.port}`, "shares a port");
    }
    table.ports.set(name, last.port);
    return saw(`from port ${last.port}`);
  },
});

const answer = (name: string, text: string): Step<Table> => ({
  action: `"${text}" arrives for the port that ${name} sent from`,
  play(table) {
    table.ring.arrive(table.ports.get(name)!, text);
    return saw();
  },
});

const close = (name: string): Step<Table> => ({
  action: `close(${name})`,
  play(table) {
    table.mine.close(fdOf(table, name));
    return saw();
  },
});

const play = (name: string, steps: readonly Step<Table>[]): Scenario<DatagramSocketsMaker> =>
  scenario<DatagramSocketsMaker, Table>({
    name,
    given: "an empty ring, and your library on it",
    start: (make) => {
      const ring = new JudgesRing();
      return { ring, mine: make(ring), fds: new Map(), ports: new Map() };
    },
    steps,
  });

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
export type {
  DatagramRing,
  DatagramSockets,
  DatagramSocketsMaker,
  RingDatagram,
} from "./42-sockets-as-a-library/wire.js";
