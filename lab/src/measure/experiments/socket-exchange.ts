// One question and one answer over sockets, call by call. Client and server are played by one thread, each on its own host, so
// the calls come in a known order and every one can be laid to the step that made it; what the kernel does to the TCP sockets
// meanwhile is written down beside it.
import { Testbed, twoHosts } from "../../net/index.js";
import {
  AF_INET,
  accept,
  bind,
  close,
  connect,
  inNamespace,
  ipv4SocketAddress,
  listen,
  SOCK_DGRAM,
  SOCK_STREAM,
  SocketMessage,
  socket,
  threadId,
} from "../../sys/index.js";
import {
  recordTimeline,
  type TimelineEvent,
  type TimelineState,
  type WatchCalls,
} from "../../trace/index.js";
import type { Experiment } from "../experiment.js";

/** What to play. */
export interface SocketExchangeParams {
  readonly protocol: "TCP" | "UDP";
  /** Questions, each with its answer, over one connection; 1 or more. */
  readonly questions: number;
}

/** One call of the exchange. */
export interface ExchangeCall {
  readonly who: "client" | "server";
  /** Sets something up or takes it down, or moves the user's bytes. */
  readonly plane: "control" | "data";
  readonly name: string;
  readonly result: number;
  readonly atNs: number;
  readonly tookNs: number;
}

/** A change of a TCP socket. */
export interface ExchangeState extends Pick<TimelineState, "atNs" | "from" | "to"> {
  readonly who: "client" | "server" | "listener";
}

/** The exchange in order. */
export interface SocketExchangeOutcome {
  readonly protocol: SocketExchangeParams["protocol"];
  readonly questions: number;
  readonly calls: readonly ExchangeCall[];
  readonly states: readonly ExchangeState[];
  /** Calls that moved the user's bytes, and all others. */
  readonly data: number;
  readonly control: number;
  /** Bytes of the questions that came back in the answers. */
  readonly echoedBytes: number;
}

const PORT = 7;
const MESSAGE_BYTES = 32;
const CLIENT = "10.0.0.1";
const SERVER = "10.0.0.2";
const MOST_QUESTIONS = 100;

/** A step makes exactly one system call of interest. */
interface Step extends Pick<ExchangeCall, "who" | "plane" | "name"> {
  /** The host to be on while it acts; a socket belongs to the one it was opened on. */
  readonly host?: "a" | "b";
  readonly act: () => void;
}

interface Play {
  readonly steps: Step[];
  echoedBytes: number;
}

/** Writes the play. What a step opens the next ones use. */
function write({ protocol, questions }: SocketExchangeParams, message: SocketMessage): Play {
  const type = protocol === "TCP" ? SOCK_STREAM : SOCK_DGRAM;
  const [client, server] = [ipv4SocketAddress(CLIENT, PORT), ipv4SocketAddress(SERVER, PORT)];
  const fd = { client: 0, server: 0, served: 0 };
  const play: Play = { steps: [], echoedBytes: 0 };
  const open = (who: "client" | "server", host: "a" | "b"): void => {
    const act = (): void => {
      fd[who] = socket(AF_INET, type, 0);
    };
    play.steps.push({ who, plane: "control", name: "socket", host, act });
  };
  const add = (who: Step["who"], plane: Step["plane"], name: string, act: () => void): void =>
    void play.steps.push({ who, plane, name, act });

  open("server", "b");
  add("server", "control", "bind", () => bind(fd.server, server, `port ${PORT}`));
  if (protocol === "TCP") add("server", "control", "listen", () => listen(fd.server, 1));
  open("client", "a");
  if (protocol === "UDP") add("client", "control", "bind", () => bind(fd.client, client, `port ${PORT}`));
  add("client", "control", "connect", () => connect(fd.client, server, "the server"));
  if (protocol === "TCP")
    add("server", "control", "accept4", () => {
      fd.served = accept(fd.server);
    });
  else add("server", "control", "connect", () => connect(fd.server, client, "the client"));
  const served = (): number => (protocol === "TCP" ? fd.served : fd.server);
  for (let question = 0; question < questions; question++) {
    add("client", "data", "sendmsg", () => void message.send(fd.client, MESSAGE_BYTES));
    add("server", "data", "recvmsg", () => void message.receive(served()));
    add("server", "data", "sendmsg", () => void message.send(served(), MESSAGE_BYTES));
    add("client", "data", "recvmsg", () => {
      play.echoedBytes += message.receive(fd.client) ?? 0;
    });
  }
  add("client", "control", "close", () => close(fd.client));
  if (protocol === "TCP") {
    add("server", "control", "recvmsg", () => void message.receive(fd.served)); // 0 bytes: the client has closed
    add("server", "control", "close", () => close(fd.served));
  }
  add("server", "control", "close", () => close(fd.server));
  return play;
}

/** Acts the steps out. Where one fails, its error says so; the sockets go with the process. */
function act(testbed: Testbed, { steps }: Play, watchCalls: WatchCalls): void {
  for (const step of steps) {
    const run = (): void => watchCalls(step.act);
    if (step.host === undefined) run();
    else inNamespace(testbed.path(step.host), run);
  }
}

function callsOf({ steps }: Play, events: readonly TimelineEvent[]): ExchangeCall[] {
  const names = new Set(steps.map(({ name }) => name));
  const calls = events.flatMap((event) => (event.kind === "call" && names.has(event.name) ? [event] : []));
  const differs = steps.findIndex(({ name }, i) => calls[i]?.name !== name);
  if (differs >= 0 || calls.length !== steps.length) {
    const seen = calls.map(({ name }) => name).join(" ");
    throw new Error(
      `Cannot lay calls to steps: ${steps.length} steps were played and these calls were seen: ${seen} -> run it again, and report it if it stays`,
    );
  }
  return steps.map(({ who, plane, name }, i) => {
    const { result, atNs, endNs } = calls[i]!;
    return { who, plane, name, result, atNs, tookNs: endNs - atNs };
  });
}

/** Host a is the client's; on host b the socket that listens has no peer. */
function statesOf(events: readonly TimelineEvent[]): ExchangeState[] {
  const listening = new Set(["CLOSE LISTEN", "LISTEN CLOSE"]);
  return events.flatMap((event) => {
    if (event.kind !== "state") return [];
    const { atNs, from, to, namespace } = event;
    const who = namespace === 0 ? "client" : listening.has(`${from} ${to}`) ? "listener" : "server";
    return [{ who, atNs, from, to } as const];
  });
}

const experiment: Experiment<SocketExchangeParams, SocketExchangeOutcome> = {
  name: "socket-exchange",
  module: import.meta.url,
  question: "Which system calls does an exchange over sockets take?",
  needs: ["root"],
  unit: "calls",
  defaults: { protocol: "TCP", questions: 1 },
  unseen: [
    "waiting: each call is made when its answer is there already, so none of them sleeps",
    "the TIME-WAIT state: the kernel keeps it in a smaller object, and the socket itself says CLOSE",
  ],
  headline: ({ calls }) => calls.length,
  async run(params, context) {
    if (
      !(Number.isInteger(params.questions) && params.questions >= 1 && params.questions <= MOST_QUESTIONS)
    ) {
      throw new RangeError(
        `Cannot exchange ${params.questions} questions: it takes a whole number from 1 to ${MOST_QUESTIONS} -> try 1`,
      );
    }
    const testbed = Testbed.create(twoHosts());
    context.onClose(() => testbed.close());
    const message = new SocketMessage(MESSAGE_BYTES);
    context.onClose(() => message.close());
    act(testbed, write({ ...params, protocol: "UDP" }, message), (piece) => piece()); // loads what the play needs
    const play = write(params, message);
    const namespaces = [testbed.path("a"), testbed.path("b")];
    const events = recordTimeline({ tids: [threadId()], namespaces }, (watchCalls) =>
      act(testbed, play, watchCalls),
    );
    const calls = callsOf(play, events);
    const data = calls.filter(({ plane }) => plane === "data").length;
    const { protocol, questions } = params;
    const { echoedBytes } = play;
    return {
      protocol,
      questions,
      calls,
      states: statesOf(events),
      data,
      control: calls.length - data,
      echoedBytes,
    };
  },
};
export default experiment;
