// The table at which a socket library is judged: a ring that the judge fills and reads, and one step for each call.
import { mismatch, type Outcome, type Scenario, type Step, saw, scenario } from "../../types.js";
import { describeValue } from "../../values.js";
import { type DatagramSockets, type DatagramSocketsMaker, JudgesRing, PEER } from "./wire.js";

/** The judge's ring, the learner's library on it, and what it has opened. */
export interface Table {
  readonly ring: JudgesRing;
  readonly mine: DatagramSockets;
  /** The learner's descriptors, by the names that the steps give them. */
  readonly fds: Map<string, number>;
  readonly ports: Map<string, number>;
}

/** The learner's descriptor by the name that the steps give it. */
export const fdOf = ({ fds }: Table, name: string): number => fds.get(name)!;
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

/** The call must throw an error with this code. */
export function fails(
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

/** Opens a socket: its descriptor must be one that no open socket has. */
export const open = (name: string): Step<Table> => ({
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

export const bind = (name: string, port: number): Step<Table> => ({
  action: `bind(${name}, ${port})`,
  play(table): Outcome {
    const result = codeOf(() => table.mine.bind(fdOf(table, name), port));
    const isHeld = result === "EADDRINUSE";
    if (result.startsWith("gave")) return saw();
    return mismatch("no error", result, isHeld ? "keeps the port of a closed socket" : undefined);
  },
});

/** The ring brings a datagram. */
export const arrive = (port: number, text: string): Step<Table> => ({
  action: `"${text}" arrives for port ${port}`,
  play(table) {
    table.ring.arrive(port, text);
    return saw();
  },
});

/** @param other text that a known mistake gives instead @param diagnosis name of that mistake */
export const receive = (
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

/** @param ready those that must be named @param diagnosis of any other answer */
export const poll = (
  names: readonly string[],
  ready: readonly string[],
  diagnosis?: string,
): Step<Table> => ({
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

/** One datagram must go to the peer, from a port of its own. */
export const send = (name: string, text: string): Step<Table> => ({
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

export const answer = (name: string, text: string): Step<Table> => ({
  action: `"${text}" arrives for the port that ${name} sent from`,
  play(table) {
    table.ring.arrive(table.ports.get(name)!, text);
    return saw();
  },
});

export const close = (name: string): Step<Table> => ({
  action: `close(${name})`,
  play(table) {
    table.mine.close(fdOf(table, name));
    return saw();
  },
});

/** A scenario on an empty ring. */
export const play = (name: string, steps: readonly Step<Table>[]): Scenario<DatagramSocketsMaker> =>
  scenario<DatagramSocketsMaker, Table>({
    name,
    given: "an empty ring, and your library on it",
    start: (make) => {
      const ring = new JudgesRing();
      return { ring, mine: make(ring), fds: new Map(), ports: new Map() };
    },
    steps,
  });
