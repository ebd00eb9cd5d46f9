// Halve the system calls per message: header and body leave in one datagram, by one call. Judged on a real socket of the
// loopback interface: what arrives is read back, and the calls that left are counted by the kernel's own tracepoint.
import {
  AF_INET,
  bind,
  close,
  connect,
  getSocketName,
  ipv4SocketAddress,
  MSG_DONTWAIT,
  receive,
  SOCK_DGRAM,
  send,
  socket,
  threadId,
} from "../../sys/index.js";
import { countDuring } from "../../trace/index.js";
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../types.js";
import { describeValue } from "../values.js";

/** A message whose two parts lie in different places, as a program often has them. */
export interface Message {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
}

/** Sends messages in order; each call of `sendBytes` is one system call and one datagram. */
export type SendAll = (sendBytes: (bytes: Uint8Array) => void, messages: readonly Message[]) => void;

interface Run {
  readonly mine: SendAll;
  readonly messages: readonly Message[];
}

const LARGEST_BYTES = 2048;

function messagesOf(count: number): Message[] {
  return Array.from({ length: count }, (_, i) => ({
    header: Uint8Array.of(0xc0, i),
    body: new Uint8Array(8 + i).fill(i + 1),
  }));
}

/** Sends over a connected pair of loopback sockets and reads back every datagram; both are closed whatever happens. */
async function sendForReal({ mine, messages }: Run): Promise<{ calls: number; datagrams: string[] }> {
  const inbox = socket(AF_INET, SOCK_DGRAM, 0);
  const outbox = socket(AF_INET, SOCK_DGRAM, 0);
  try {
    bind(inbox, ipv4SocketAddress("127.0.0.1", 0), "a loopback port");
    connect(outbox, getSocketName(inbox), "the loopback inbox");
    const sendBytes = (bytes: Uint8Array): void => void send(outbox, bytes);
    const { counts } = await countDuring({ syscalls: { tids: [threadId()] } }, () =>
      mine(sendBytes, messages),
    );
    return { calls: counts.syscalls.byName.sendto ?? 0, datagrams: drain(inbox) };
  } finally {
    close(inbox);
    close(outbox);
  }
}

function drain(inbox: number): string[] {
  const bytes = new Uint8Array(LARGEST_BYTES);
  const datagrams: string[] = [];
  for (
    let got = receive(inbox, bytes, MSG_DONTWAIT);
    got !== null;
    got = receive(inbox, bytes, MSG_DONTWAIT)
  ) {
    datagrams.push(bytes.subarray(0, got).join(","));
  }
  return datagrams;
}

const join = (...parts: readonly Uint8Array[]): string => parts.map((part) => part.join(",")).join(",");

/** Says which known mistake left these datagrams. */
function mistakeIn(datagrams: readonly string[], messages: readonly Message[]): string | undefined {
  const [first] = messages;
  if (first === undefined || datagrams[0] === undefined) return undefined;
  if (datagrams[0] === first.body.join(",")) return "forgets the header";
  if (datagrams[0] === join(first.body, first.header)) return "sends the body first";
  if (datagrams[0] === first.header.join(",")) return "two calls a message";
  const all = messages.flatMap(({ header, body }) => [header, body]);
  return datagrams.length === 1 && datagrams[0] === join(...all) ? "glues messages together" : undefined;
}

async function judge(run: Run): Promise<Outcome> {
  const { messages } = run;
  const { calls, datagrams } = await sendForReal(run);
  const wanted = messages.map(({ header, body }) => join(header, body));
  const whole =
    datagrams.length === wanted.length && datagrams.every((datagram, i) => datagram === wanted[i]);
  if (whole && calls === wanted.length)
    return saw(`${calls} sendto, ${datagrams.length} whole messages arrived`);
  return mismatch(
    `${wanted.length} sendto calls and ${wanted.length} datagrams of header and body`,
    `made ${calls} sendto calls; ${datagrams.length} datagrams arrived`,
    mistakeIn(datagrams, messages),
  );
}

const scenarios: Scenario<SendAll>[] = [1, 3, 16].map((count) =>
  scenario<SendAll, Run>({
    name: count === 1 ? "one message" : `${count} messages`,
    given: `two connected sockets on loopback, ${count} messages of a 2-byte header and a body`,
    start: (mine) => ({ mine, messages: messagesOf(count) }),
    steps: [{ action: "send all, counted by the kernel", play: judge }],
  }),
);

/** Notebook 11: `check("11-what-a-syscall-costs/halve-the-calls", sendAll)`. */
export const halveTheCalls: Exercise<SendAll> = {
  id: "11-what-a-syscall-costs/halve-the-calls",
  title: "Halve the system calls per message",
  points: 3,
  starterSteps: 0,
  needs: ["tp_btf"],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `halve-the-calls: expected a function sendAll(sendBytes, messages), your code handed in ${describeValue(mine)}`,
  hints: [
    "every call of sendBytes is one trip into the kernel, and one datagram on the other side.",
    "the kernel takes one stretch of bytes a call: who could bring header and body together before it is asked?",
    "a Uint8Array of header.length + body.length takes both parts with set(part, offset).",
  ],
  wrongAnswers: [
    {
      name: "two calls a message",
      hint: "header and body left as two datagrams: two trips where one would do. Bring them together first.",
    },
    {
      name: "forgets the header",
      hint: "the calls are halved, and so is the message: the receiver never saw a header.",
    },
    {
      name: "sends the body first",
      hint: "one call each, well done; but the receiver reads the header first, and found the body there.",
    },
    {
      name: "glues messages together",
      hint: "one call for everything makes one datagram of everything: the receiver cannot tell where a message ends. One call a message.",
    },
  ],
  scenarios,
};
