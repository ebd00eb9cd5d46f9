// Answer ping: a program over four rings that does what every host's kernel does, and does it in the frame that the
// question came in. Tried on a model first, then by Linux's own ping.
import { existsSync } from "node:fs";
import { type Exercise, type Scenario, type Step, scenario } from "../../types.js";
import { describeValue } from "../../values.js";
import { OTHERS, pingOf, pingWithCarry } from "./ping-frames.js";
import { callAndJudge } from "./ping-judge.js";
import { pingAndJudge } from "./ping-live.js";
import { arrive, type PingAnswerer, type PingTable, setPingTable } from "./ping-table.js";
import { RING_MISTAKES } from "./ring-rules.js";

const answer: Step<PingTable> = { action: "answer", play: callAndJudge };
const given = "rings of 4 slots, 4 frames, all in the fill ring";

const onModel = (name: string, steps: readonly Step<PingTable>[]): Scenario<PingAnswerer> =>
  scenario<PingAnswerer, PingTable>({ name, given, start: setPingTable, steps });

const [arp, udp, reply] = OTHERS;

const scenarios: Scenario<PingAnswerer>[] = [
  onModel("one ping, then nothing", [arrive(pingOf(1)), answer, answer]),
  onModel(
    "what is no ping",
    OTHERS.flatMap((other) => [arrive(other), answer]),
  ),
  onModel("a checksum that overflows", [arrive(pingWithCarry()), answer]),
  onModel(
    "more pings than frames",
    [1, 2, 3, 4, 5, 6].flatMap((sequence) => [arrive(pingOf(sequence)), answer]),
  ),
  onModel("bursts", [
    arrive(pingOf(1), udp, pingOf(2)),
    answer,
    arrive(reply, pingOf(3)),
    answer,
    arrive(arp, pingOf(4), pingOf(5)),
    answer,
  ]),
  scenario<PingAnswerer, PingAnswerer>({
    name: "Linux's own ping",
    given: "hosts a and b; every packet that reaches b goes to your program, none to its stack",
    start: (mine) => mine,
    steps: [{ action: "ping b from a, 10 times", limitMs: 10_000, play: pingAndJudge }],
    isLive: true,
  }),
];

function refuses(mine: unknown): string | null {
  if (typeof mine !== "function")
    return `answer-ping: expected a function answer(socket), your code handed in ${describeValue(mine)}`;
  if (process.geteuid?.() !== 0)
    return "answer-ping: this needs root, to make two hosts that ping each other; nothing was made -> start the notebooks with sudo";
  const folders = `${process.env.PATH ?? ""}:/usr/bin:/bin`.split(":");
  if (!folders.some((folder) => existsSync(`${folder}/ping`)))
    return "answer-ping: there is no program ping on this machine, which judges your answers -> sh vm/provision.sh run";
  return null;
}

/** Notebook 33: `check("33-af-xdp/answer-ping", answer)`. */
export const answerPing: Exercise<PingAnswerer> = {
  id: "33-af-xdp/answer-ping",
  title: "Answer ping",
  points: 6,
  starterSteps: 5,
  needs: ["capabilities", "namespaces", "veth", "nativeXdp", "afXdpCopy"],
  refuses,
  hints: [
    "two things wait for you at each call: packets in the rx ring, and sent frames in the completion ring. Where does each of them go next?",
    "a ping goes from the rx ring to the tx ring, in its frame, at its address: only its bytes change. Everything else goes back to the fill ring, and so does what the completion ring holds.",
    "six bytes change places with six, four with four, one byte becomes 0, and two are mended by updateChecksum(old, 0x0800, 0). Then reserve, write and submit in the tx ring, release in the rx ring, and wakeTransmit.",
  ],
  wrongAnswers: [
    {
      name: "mends no checksum",
      hint: "the type went from 8 to 0, and the checksum still speaks of 8: the receiver throws the answer away without a word. updateChecksum mends it without reading the rest.",
    },
    {
      name: "forgets the carry",
      hint: "a sum of 16-bit words that overflows brings its carry back in at the low end (RFC 1071). It goes well for 31 pings of 32. updateChecksum does it.",
    },
    {
      name: "keeps the MAC addresses",
      hint: "the frame is still addressed to you. Ethernet delivers by the first six bytes, and IP never gets to see it.",
    },
    {
      name: "keeps the IP addresses",
      hint: "an answer from 10.0.0.1 to 10.0.0.2 would be host a's. The host that asked looks for its own address as the destination.",
    },
    {
      name: "answers what is no ping",
      hint: "a ping is IPv4 (type 0x0800 at byte 12), carries ICMP (1 at byte 23), and asks (8 at byte 34). Who answers an answer never stops.",
    },
    {
      name: "forgets what it does not answer",
      hint: "a frame that you do not send is still yours. Where does the kernel look for empty ones?",
    },
    {
      name: "never wakes the kernel",
      hint: "in copy mode the kernel does not watch the tx ring. socket.wakeTransmit() tells it, once for all that you have submitted.",
    },
    {
      name: "never reads the completion ring",
      hint: "the kernel tells you there which frames it has sent. Until you read it they are lost to you, and after as many pings as there are frames you are deaf.",
    },
    {
      name: "loses the sent frame",
      hint: "releasing the completion ring's slot says that you have seen it. The frame it names is yours now: give it to the fill ring.",
    },
    {
      name: "gives the frame back while it is being sent",
      hint: "the frame is in the tx ring, so it is the kernel's until the completion ring says otherwise. In the fill ring it could be overwritten before it is sent.",
    },
    {
      name: "sends from the frame's start",
      hint: "a received packet does not begin where its frame does: 256 bytes in front of it are free. Send from the address that the rx ring named.",
    },
    ...RING_MISTAKES,
  ],
  scenarios,
};
