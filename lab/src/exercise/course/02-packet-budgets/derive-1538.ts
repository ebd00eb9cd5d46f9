// Where 1538 comes from: headers and check sequence make a frame of a payload, preamble and gap make wire time of a
// frame, and a line rate makes nanoseconds of bits.
import { ETHERNET_OVERHEAD_BYTES, wireTimeNs } from "../../../base/index.js";
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../../types.js";
import { describeAnswer, describeValue } from "../../values.js";

/** What an IP packet becomes on the wire. */
export interface WirePicture {
  /** The frame from destination address to check sequence. */
  readonly frameBytes: number;
  /** The frame with all that keeps the wire busy before and after it. */
  readonly wireBytes: number;
  /** From the start of one frame to the start of the next. */
  readonly ns: number;
}

/** Derives a packet's time on the wire. @param payloadBytes the IP packet, 46 to 1500 @param gbps line rate */
export type WireDerivation = (payloadBytes: number, gbps: number) => WirePicture;

const HEADER_BYTES = 14;
const CHECK_SEQUENCE_BYTES = 4;
const GAP_BYTES = 12;

interface Case {
  readonly payloadBytes: number;
  readonly gbps: number;
}

function judge(mine: WireDerivation, { payloadBytes, gbps }: Case): Outcome {
  const frameBytes = HEADER_BYTES + payloadBytes + CHECK_SEQUENCE_BYTES;
  const wireBytes = frameBytes + ETHERNET_OVERHEAD_BYTES;
  const ns = wireTimeNs(frameBytes, gbps);
  const answer: Partial<WirePicture> | null | undefined = mine(payloadBytes, gbps);
  if (typeof answer !== "object" || answer === null) {
    return mismatch("{ frameBytes, wireBytes, ns }", `returned ${describeAnswer(answer)}`);
  }
  if (answer.frameBytes !== frameBytes) {
    const diagnosis =
      answer.frameBytes === frameBytes - CHECK_SEQUENCE_BYTES ? "forgets the check sequence" : "";
    return wrong("frameBytes", frameBytes, answer.frameBytes, diagnosis);
  }
  if (answer.wireBytes !== wireBytes) {
    return wrong("wireBytes", wireBytes, answer.wireBytes, wireMistake(answer.wireBytes, frameBytes));
  }
  if (!isNear(answer.ns, ns)) {
    return wrong("ns", ns, answer.ns, isNear(answer.ns, ns / 8) ? "takes bytes for bits" : "");
  }
  return saw(`${wireBytes} bytes, ${ns} ns`);
}

function wireMistake(given: unknown, frameBytes: number): string {
  if (given === frameBytes) return "forgets preamble and gap";
  return given === frameBytes + ETHERNET_OVERHEAD_BYTES - GAP_BYTES ? "forgets the gap" : "";
}

/** A mistake that nobody knows has the name "". */
function wrong(field: keyof WirePicture, expected: number, given: unknown, diagnosis: string): Outcome {
  return mismatch(
    `${field} ${expected}`,
    `returned ${field} ${describeValue(given)}`,
    diagnosis || undefined,
  );
}

/** Division in another order may differ in the last bits. */
function isNear(given: unknown, expected: number): boolean {
  return typeof given === "number" && Math.abs(given - expected) < 1e-6;
}

function story(name: string, given: string, cases: readonly Case[]): Scenario<WireDerivation> {
  return scenario<WireDerivation, WireDerivation>({
    name,
    given,
    start: (mine) => mine,
    steps: cases.map((each) => ({
      action: `${each.payloadBytes} bytes at ${each.gbps} GbE`,
      play: (mine) => judge(mine, each),
    })),
  });
}

/** Notebook 02: `check("02-packet-budgets/derive-1538", derive)`. */
export const derive1538: Exercise<WireDerivation> = {
  id: "02-packet-budgets/derive-1538",
  title: "Derive 1538",
  points: 2,
  starterSteps: 0,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `derive-1538: expected a function derive(payloadBytes, gbps), your code handed in ${describeValue(mine)}`,
  hints: [
    "begin with the frame alone: what stands before the IP packet, and what stands behind it?",
    "two addresses of 6 bytes, a type of 2, the packet, a check sequence of 4: that is the frame. The wire is busy for preamble and start delimiter (8) and the gap (12) as well.",
    "wire bytes times 8 are bits, and 1 Gbit/s is one bit in a nanosecond.",
  ],
  wrongAnswers: [
    {
      name: "forgets the check sequence",
      hint: "1514 bytes is what tcpdump shows: the NIC has taken something off by then. What is at the end of a frame on the wire?",
    },
    {
      name: "forgets preamble and gap",
      hint: "the frame is right, but the wire is not free again when it ends. What does Ethernet send before a frame, and how long must it be silent behind it?",
    },
    {
      name: "forgets the gap",
      hint: "preamble and start delimiter are there. After a frame the wire stays silent for 96 bit times: that is time too.",
    },
    {
      name: "takes bytes for bits",
      hint: "your time is eight times too short: a line rate counts bits.",
    },
  ],
  scenarios: [
    story(
      "the largest packet",
      "1500 bytes of IP, as large as ordinary Ethernet takes",
      [10, 40, 100, 200].map((gbps) => ({ payloadBytes: 1500, gbps })),
    ),
    story(
      "the smallest packet",
      "46 bytes of IP, so that the frame has its least 64 bytes",
      [10, 200].map((gbps) => ({ payloadBytes: 46, gbps })),
    ),
  ],
};
