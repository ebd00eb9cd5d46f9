// Answer ARP, and survive everything else: what comes from a wire is anybody's.
import { ArpView, buildFrame, EthernetView, ipv4ToText, macToText } from "../../../packet/index.js";
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../../types.js";
import { describeAnswer, describeThrown, describeValue } from "../../values.js";

/** Who we are. */
export interface ArpSelf {
  /** e.g. `02:72:73:00:00:02` */
  readonly mac: string;
  /** e.g. `10.0.0.2` */
  readonly address: string;
}

/** Returns the frame that answers, or null where none is due. The frame may be cut off anywhere. */
export type ArpAnswerer = (frame: Uint8Array, self: ArpSelf) => Uint8Array | null;

interface Case {
  readonly name: string;
  readonly frame: Uint8Array;
  readonly isDue: boolean;
  /** What an answer to it would show. */
  readonly mistake?: string;
}

const SELF: ArpSelf = { mac: "02:72:73:00:00:02", address: "10.0.0.2" };
const ASKER = { mac: "02:72:73:00:00:01", address: "10.0.0.1" };
const NOBODY = "00:00:00:00:00:00";
const EVERYBODY = "ff:ff:ff:ff:ff:ff";

function arp(operation: number, targetIp: string, asker: ArpSelf = ASKER): Uint8Array {
  return buildFrame({
    ethernet: { source: asker.mac, destination: EVERYBODY },
    arp: { operation, senderMac: asker.mac, senderIp: asker.address, targetMac: NOBODY, targetIp },
    padTo: 60,
  });
}

const other: ArpSelf = { mac: "02:72:73:00:00:07", address: "10.0.0.7" };
const udp = buildFrame({
  ethernet: { source: ASKER.mac, destination: SELF.mac },
  ipv4: { source: ASKER.address, destination: SELF.address },
  udp: { sourcePort: 5000, destinationPort: 7 },
  payload: "not ARP at all, but long enough",
});

const QUESTIONS: readonly Case[] = [
  { name: "a question for our address", frame: arp(1, SELF.address), isDue: true },
  { name: "the same from another host", frame: arp(1, SELF.address, other), isDue: true },
  {
    name: "a question for somebody else's",
    frame: arp(1, "10.0.0.3"),
    isDue: false,
    mistake: "answers for everybody",
  },
  { name: "an answer to us", frame: arp(2, SELF.address), isDue: false, mistake: "answers answers" },
  { name: "a UDP packet", frame: udp, isDue: false, mistake: "takes anything for ARP" },
];

/** Lengths at which the frame is cut: in every header, and at each one's end. */
const CUTS = [0, 1, 13, 14, 20, 28, 41];

function judge(mine: ArpAnswerer, { frame, isDue, mistake }: Case): Outcome {
  const answer = answerOf(mine, frame);
  if (!isDue) return answer === null ? saw("no answer") : mismatch("no answer", "sent one", mistake);
  if (answer === null) return mismatch("an answer", "sent none");
  return judgeReply(frame, answer);
}

function answerOf(mine: ArpAnswerer, frame: Uint8Array): Uint8Array | null {
  const answer: unknown = mine(frame.slice(), SELF);
  if (answer === null || answer instanceof Uint8Array) return answer;
  throw new TypeError(`a frame (Uint8Array) or null is expected, and it returned ${describeAnswer(answer)}`);
}

function judgeReply(asked: Uint8Array, answer: Uint8Array): Outcome {
  if (answer.length < 42) return mismatch("a frame of 42 bytes or more", `sent ${answer.length} bytes`);
  const [question, reply] = [new ArpView(asked, 14), new ArpView(answer, 14)];
  const link = new EthernetView(answer);
  const asker = macToText(question.senderMac);
  if (reply.operation !== 2)
    return mismatch("operation 2, an answer", `sent operation ${reply.operation}`, "leaves the operation");
  if (macToText(reply.senderMac) !== SELF.mac || ipv4ToText(reply.senderIp) !== SELF.address)
    return mismatch(`sender ${SELF.address} at ${SELF.mac}`, says(reply, "sender"), "does not name itself");
  if (macToText(reply.targetMac) !== asker || reply.targetIp !== question.senderIp)
    return mismatch(`target ${ipv4ToText(question.senderIp)} at ${asker}`, says(reply, "target"));
  if (macToText(link.destination) !== asker || macToText(link.source) !== SELF.mac)
    return mismatch(
      `an Ethernet frame from ${SELF.mac} to ${asker}`,
      `sent one from ${macToText(link.source)} to ${macToText(link.destination)}`,
      "forgets the Ethernet header",
    );
  if (link.etherType !== 0x0806 || !reply.isIpv4OverEthernet)
    return mismatch("ARP for IPv4 over Ethernet", "sent another kind");
  return saw(`${SELF.address} is at ${SELF.mac}`);
}

function says(reply: ArpView, who: "sender" | "target"): string {
  const [mac, ip] = who === "sender" ? [reply.senderMac, reply.senderIp] : [reply.targetMac, reply.targetIp];
  return `sent ${who} ${ipv4ToText(ip)} at ${macToText(mac)}`;
}

function judgeCut(mine: ArpAnswerer, length: number): Outcome {
  const frame = arp(1, SELF.address).slice(0, length);
  try {
    const answer = answerOf(mine, frame);
    return answer === null
      ? saw("no answer")
      : mismatch("no answer", "answered what it had not read", "believes a cut frame");
  } catch (error) {
    return mismatch("no answer, and no error", `threw ${describeThrown(error)}`, "falls over a cut frame");
  }
}

const scenarios: Scenario<ArpAnswerer>[] = [
  scenario<ArpAnswerer, ArpAnswerer>({
    name: "who has 10.0.0.2?",
    given: `we are ${SELF.address} at ${SELF.mac}`,
    start: (mine) => mine,
    steps: QUESTIONS.map((given) => ({ action: given.name, play: (mine) => judge(mine, given) })),
  }),
  scenario<ArpAnswerer, ArpAnswerer>({
    name: "frames that end too early",
    given: "a question for our address, cut off",
    start: (mine) => mine,
    steps: CUTS.map((length) => ({
      action: `only ${length} bytes of it`,
      play: (mine) => judgeCut(mine, length),
    })),
  }),
];

/** Notebook 40: `check("40-a-stack-in-user-space/answer-arp", answerArp)`. */
export const answerArp: Exercise<ArpAnswerer> = {
  id: "40-a-stack-in-user-space/answer-arp",
  title: "Answer ARP, and survive what is cut off",
  points: 3,
  starterSteps: 0,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `answer-arp: expected a function answerArp(frame, self), your code handed in ${describeValue(mine)}`,
  hints: [
    "look before you read: is it long enough (14 + 28 bytes), is it ARP (0x0806), a question (1), for our address?",
    "parseArp(frame, 14) reads the question once you know that it is there; buildFrame writes the answer.",
    "the asker is the target now, in the ARP packet and in the Ethernet header; the sender is self; the operation is 2.",
  ],
  wrongAnswers: [
    { name: "leaves the operation", hint: "that is a question again: an answer has operation 2." },
    {
      name: "does not name itself",
      hint: "the sender's fields are the answer: our address, and our MAC address beside it.",
    },
    {
      name: "forgets the Ethernet header",
      hint: "the ARP packet is right, and the frame goes to the wrong place: from us, to the asker.",
    },
    {
      name: "answers for everybody",
      hint: "somebody else's address was asked for. Whoever answers all questions gets everybody's packets.",
    },
    {
      name: "answers answers",
      hint: "operation 2 is an answer already; two hosts that answer answers never stop.",
    },
    { name: "takes anything for ARP", hint: "look at the EtherType (bytes 12 and 13) first: ARP is 0x0806." },
    {
      name: "falls over a cut frame",
      hint: "a frame may end anywhere, and a stack that throws is a stack that anybody can stop. Compare with frame.length first.",
    },
    {
      name: "believes a cut frame",
      hint: "there were not 42 bytes, so part of what you answered was never read: undefined, or 0.",
    },
  ],
  scenarios,
};
