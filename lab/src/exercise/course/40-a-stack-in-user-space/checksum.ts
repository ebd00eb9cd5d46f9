// Write the internet checksum: three lines, and each of them is forgotten by somebody.
import { buildFrame, internetChecksum } from "../../../packet/index.js";
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../../types.js";
import { describeAnswer, describeValue } from "../../values.js";

/** Returns the 16 bits that belong into the checksum field, which holds 0 among these bytes. */
export type ChecksumFunction = (bytes: Uint8Array) => number;

interface Case {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const hex = (value: number): string => `0x${value.toString(16).padStart(4, "0")}`;

/** The first 20 bytes of a built packet, its checksum field emptied. */
function headerOf(source: string): Uint8Array {
  const frame = buildFrame({
    ethernet: { source: "02:72:73:00:00:01", destination: "02:72:73:00:00:02" },
    ipv4: { source, destination: "10.0.0.2", checksum: 0 },
    udp: { sourcePort: 5000, destinationPort: 7 },
    payload: "hello",
  });
  return frame.slice(14, 34);
}

const CASES: readonly Case[] = [
  { name: "two small words", bytes: Uint8Array.of(0x00, 0x01, 0x02, 0x03) },
  { name: "words whose sum carries", bytes: Uint8Array.of(0xff, 0xff, 0x00, 0x02, 0x80, 0x00, 0x80, 0x01) },
  { name: "three bytes", bytes: Uint8Array.of(0x12, 0x34, 0x56) },
  { name: "an IPv4 header", bytes: headerOf("10.0.0.1") },
  { name: "a carry that makes another carry", bytes: Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x00, 0x01) },
  { name: "nothing", bytes: new Uint8Array(0) },
];

/** What each mistake makes of the bytes. */
const MISTAKES: Readonly<Record<string, (bytes: Uint8Array) => number>> = {
  "returns the sum itself": (bytes) => internetChecksum(bytes) ^ 0xffff,
  "cuts the carries off": (bytes) => (total(bytes) & 0xffff) ^ 0xffff,
  "brings the carries in once": (bytes) =>
    ((total(bytes) & 0xffff) + Math.floor(total(bytes) / 65_536)) ^ 0xffff,
  "leaves the odd byte out": (bytes) => internetChecksum(bytes, 0, bytes.length & ~1),
  "takes the odd byte for a low one": (bytes) =>
    internetChecksum(Uint8Array.of(...bytes.subarray(0, bytes.length & ~1), 0, bytes.at(-1) ?? 0)),
  "reads the low byte first": (bytes) => swap(internetChecksum(bytes)),
};

function total(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes[at]! * 256 + (bytes[at + 1] ?? 0);
  return sum;
}

function swap(word: number): number {
  return ((word & 0xff) << 8) | (word >> 8);
}

function judge(mine: ChecksumFunction, { bytes }: Case): Outcome {
  const answer: unknown = mine(bytes.slice());
  const right = internetChecksum(bytes);
  if (typeof answer !== "number")
    return mismatch("a number of 16 bits", `returned ${describeAnswer(answer)}`);
  if (answer === right) return saw(hex(right));
  const shown = Number.isInteger(answer) && answer >= 0 ? hex(answer) : `${answer}`;
  const mistake = Object.entries(MISTAKES).find(([, make]) => make(bytes) === answer)?.[0];
  return mismatch(hex(right), `returned ${shown}`, mistake);
}

const scenarios: Scenario<ChecksumFunction>[] = [
  scenario<ChecksumFunction, ChecksumFunction>({
    name: "the internet checksum",
    given: "bytes in network order",
    start: (mine) => mine,
    steps: CASES.map((given) => ({ action: `add up ${given.name}`, play: (mine) => judge(mine, given) })),
  }),
];

/** Notebook 40: `check("40-a-stack-in-user-space/checksum", checksum)`. */
export const writeTheChecksum: Exercise<ChecksumFunction> = {
  id: "40-a-stack-in-user-space/checksum",
  title: "Write the internet checksum",
  points: 2,
  starterSteps: 0,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `checksum: expected a function checksum(bytes), your code handed in ${describeValue(mine)}`,
  hints: [
    "three things: add up 16-bit words, bring the carries back in, turn every bit over.",
    "a word is bytes[i] * 256 + bytes[i + 1]; where the second byte is missing it counts as 0.",
    "while the sum has more than 16 bits: sum = (sum & 0xffff) + (sum >>> 16). At the end: sum ^ 0xffff.",
  ],
  wrongAnswers: [
    {
      name: "returns the sum itself",
      hint: "that is the sum. A receiver adds the checksum to it and wants all ones: turn every bit over.",
    },
    {
      name: "cuts the carries off",
      hint: "bits above the sixteenth were thrown away. In this sum they come back in at the low end.",
    },
    {
      name: "brings the carries in once",
      hint: "to add the carries made a new carry. Do it while there is one, not once.",
    },
    {
      name: "leaves the odd byte out",
      hint: "the last byte of an odd number counts, too: as the high byte of a word whose low byte is 0.",
    },
    {
      name: "takes the odd byte for a low one",
      hint: "the last byte of an odd number is a high byte: bytes come in network order, and what is missing is the low one.",
    },
    {
      name: "reads the low byte first",
      hint: "network order has the high byte first: bytes[i] * 256 + bytes[i + 1].",
    },
  ],
  scenarios,
};
