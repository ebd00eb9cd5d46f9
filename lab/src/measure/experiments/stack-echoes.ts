// Linux pings and sends datagrams from host a; at the other end of the wire our stack answers in the place of host b's kernel.
// Who answered is counted on both sides, and every frame that passed our link is kept by kind.
import { driveStack, type LiveStack, machineClock, openLiveStack, TapLink } from "../../links/index.js";
import type { Testbed } from "../../net/index.js";
import { ETHER_TYPE, EthernetView, IP_PROTOCOL, Ipv4View } from "../../packet/index.js";
import type { Stack } from "../../stack/index.js";
import {
  AF_INET,
  close,
  connect,
  inNamespace,
  ipv4SocketAddress,
  MSG_DONTWAIT,
  receive,
  SOCK_DGRAM,
  send,
  socket,
} from "../../sys/index.js";
import type { Context, Experiment } from "../experiment.js";
import { noteLinks } from "../note-links.js";

/** How much to ask. */
export interface StackEchoesParams {
  /** Pings, and then as many datagrams; 1 to 1000. */
  readonly packets: number;
}

/** Frames of one kind that passed our link. */
export interface PassedFrames {
  readonly kind: "ARP" | "ICMP" | "UDP" | "other";
  readonly in: number;
  readonly out: number;
}

/** Who answered what. */
export interface StackEchoesOutcome {
  readonly packets: number;
  /** What `ping` counted. */
  readonly pingsSent: number;
  readonly pingsAnswered: number;
  /** Echo replies that host b's own kernel sent meanwhile. */
  readonly byKernel: number;
  /** Datagrams that host a's kernel got back from us, whole. */
  readonly datagramsEchoed: number;
  /** What a UDP socket of host a hears of a port that nobody has. */
  readonly closedPort: string;
  readonly frames: readonly PassedFrames[];
  /** Frames that our stack dropped, by reason. */
  readonly drops: readonly (readonly [reason: string, frames: number])[];
}

const ECHO_PORT = 7;
const CLOSED_PORT = 9;
const PATIENCE_MS = 20_000;

async function run({ packets }: StackEchoesParams, context: Context): Promise<StackEchoesOutcome> {
  const passed = new Map<PassedFrames["kind"], { in: number; out: number }>();
  let live: LiveStack | undefined;
  context.onClose(() => live?.close());
  live = openLiveStack({
    wrap: (link) =>
      new TapLink(link, machineClock, (way, bytes, start) => {
        const kind = kindOf(bytes, start);
        const count = passed.get(kind) ?? { in: 0, out: 0 };
        passed.set(kind, count);
        count[way]++;
      }),
  });
  const { testbed, stack } = live;
  noteLinks(context, testbed);
  testbed.inside("a", "ip", "neigh", "del", "10.0.0.2", "dev", "veth-a"); // so that host a has to ask
  const before = echoesOf(testbed);
  const pings = await pingUs(testbed, stack, packets);
  const datagramsEchoed = await sendUsDatagrams(testbed, stack, packets);
  const closedPort = await knockAtClosedPort(testbed, stack);
  const frames = [...passed].map(([kind, count]) => ({ kind, ...count }));
  const byKernel = echoesOf(testbed) - before;
  return {
    packets,
    ...pings,
    byKernel,
    datagramsEchoed,
    closedPort,
    frames,
    drops: stack.counters.dropped(),
  };
}

function kindOf(bytes: Uint8Array, start: number): PassedFrames["kind"] {
  const { etherType } = new EthernetView(bytes, start);
  if (etherType === ETHER_TYPE.arp) return "ARP";
  if (etherType !== ETHER_TYPE.ipv4) return "other";
  const { protocol } = new Ipv4View(bytes, start + 14);
  return protocol === IP_PROTOCOL.icmp ? "ICMP" : protocol === IP_PROTOCOL.udp ? "UDP" : "other";
}

/** @source proc_net(5), /proc/net/snmp, Icmp: OutEchoReps of host b */
function echoesOf(testbed: Testbed): number {
  const [names, values] = testbed
    .inside("b", "cat", "/proc/net/snmp")
    .split("\n")
    .filter((line) => line.startsWith("Icmp: "))
    .map((line) => line.split(" "));
  return Number(values![names!.indexOf("OutEchoReps")]);
}

async function pingUs(
  testbed: Testbed,
  stack: Stack,
  count: number,
): Promise<Pick<StackEchoesOutcome, "pingsSent" | "pingsAnswered">> {
  const child = testbed.spawn("a", "ping", "-n", "-i", "0.01", "-W", "2", "-c", `${count}`, "10.0.0.2");
  let output = "";
  let hasEnded = false;
  child.stdout?.on("data", (text) => (output += text));
  child.on("close", () => (hasEnded = true));
  await driveStack(stack, () => hasEnded, PATIENCE_MS);
  const [, sent = 0, answered = 0] = /(\d+) packets transmitted, (\d+) received/.exec(output) ?? [];
  return { pingsSent: Number(sent), pingsAnswered: Number(answered) };
}

/** A kernel's UDP socket on host a, speaking with one of our ports. */
function clientOf(testbed: Testbed, port: number): number {
  const fd = inNamespace(testbed.path("a"), () => socket(AF_INET, SOCK_DGRAM, 0));
  testbed.own({ close: () => close(fd) });
  connect(fd, ipv4SocketAddress("10.0.0.2", port), "host a to our stack");
  return fd;
}

async function sendUsDatagrams(testbed: Testbed, stack: Stack, count: number): Promise<number> {
  const echo = stack.openUdp(ECHO_PORT);
  echo.onEvents = () => {
    for (let got = echo.receive(); got !== null; got = echo.receive()) echo.send(got, got.bytes);
  };
  const client = clientOf(testbed, ECHO_PORT);
  const answer = new Uint8Array(2048);
  let echoed = 0;
  for (let number = 0; number < count; number++) {
    const question = Uint8Array.from({ length: 1 + (number % 1400) }, (_, at) => at + number);
    send(client, question);
    const hasAnswered = (): boolean => {
      const length = receive(client, answer, MSG_DONTWAIT);
      if (length === null) return false;
      if (length === question.length && question.every((byte, at) => byte === answer[at])) echoed++;
      return true;
    };
    await driveStack(stack, hasAnswered, 1000);
  }
  echo.close();
  return echoed;
}

/** Our ICMP error must reach the socket that asked: as ECONNREFUSED. */
async function knockAtClosedPort(testbed: Testbed, stack: Stack): Promise<string> {
  const client = clientOf(testbed, CLOSED_PORT);
  send(client, Uint8Array.of(1));
  let heard = "nothing";
  await driveStack(
    stack,
    () => {
      try {
        return receive(client, new Uint8Array(16), MSG_DONTWAIT) !== null;
      } catch (error) {
        heard = (error as { code?: string }).code ?? String(error);
        return true;
      }
    },
    1000,
  );
  return heard;
}

const experiment: Experiment<StackEchoesParams, StackEchoesOutcome> = {
  name: "stack-echoes",
  module: import.meta.url,
  question: "How many pings does host b's kernel answer when our stack stands in its place?",
  needs: ["root"],
  unit: "pings",
  defaults: { packets: 100 },
  unseen: ["what the kernel still does for each frame before the XDP program, and to send ours"],
  headline: ({ byKernel }) => byKernel,
  run,
};
export default experiment;
