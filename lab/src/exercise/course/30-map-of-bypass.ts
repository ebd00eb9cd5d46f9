// Sort systems by who does the packet's work. Names mislead (a ring in shared memory is no bypass yet), so the exercise gives facts
// and no names.
import { type Exercise, mismatch, type Outcome, saw, scenario } from "../types.js";
import { describeAnswer, describeValue } from "../values.js";

/** What is known of a system, of the way a packet comes in. */
export interface SystemFacts {
  /** Who drives the NIC: writes its registers and owns its descriptors. */
  readonly driver: "kernel" | "application";
  /** The kernel wraps each packet in an skb. */
  readonly skbPerPacket: boolean;
  /** The program sees the rings in its own memory, and takes packets without a system call for each. */
  readonly ringsMapped: boolean;
  /** The packet may end in a program that runs inside the driver, and never reach anybody's memory. */
  readonly endsInDriver: boolean;
  /** The NIC does the protocol itself, and writes the data where the application wants it. */
  readonly nicDoesProtocol: boolean;
}

/** Where the work is done. */
export type PlaceOfWork =
  | "the kernel's stack"
  | "a program in the driver"
  | "user space, the kernel keeps the NIC"
  | "user space, which owns the NIC"
  | "the hardware";

/** Sorts a system. */
export type Classifier = (facts: SystemFacts) => PlaceOfWork;

const PLACES: readonly unknown[] = [
  "the kernel's stack",
  "a program in the driver",
  "user space, the kernel keeps the NIC",
  "user space, which owns the NIC",
  "the hardware",
];

/** All that is not said of a system is as with a socket. */
const SOCKET: SystemFacts = {
  driver: "kernel",
  skbPerPacket: true,
  ringsMapped: false,
  endsInDriver: false,
  nicDoesProtocol: false,
};

interface System {
  readonly name: string;
  readonly facts: SystemFacts;
  readonly place: PlaceOfWork;
}

/** @source the systems' own documentation: packet(7), Documentation/networking/{packet_mmap,af_xdp}.rst, netmap(4), DPDK's and libibverbs' */
const SYSTEMS: readonly System[] = [
  { name: "a UDP socket", facts: SOCKET, place: "the kernel's stack" },
  { name: "PACKET_MMAP", facts: { ...SOCKET, ringsMapped: true }, place: "the kernel's stack" },
  {
    name: "an XDP program that drops",
    facts: { ...SOCKET, skbPerPacket: false, endsInDriver: true },
    place: "a program in the driver",
  },
  {
    name: "AF_XDP",
    facts: { ...SOCKET, skbPerPacket: false, ringsMapped: true },
    place: "user space, the kernel keeps the NIC",
  },
  {
    name: "netmap",
    facts: { ...SOCKET, skbPerPacket: false, ringsMapped: true },
    place: "user space, the kernel keeps the NIC",
  },
  {
    name: "DPDK",
    facts: { ...SOCKET, driver: "application", skbPerPacket: false, ringsMapped: true },
    place: "user space, which owns the NIC",
  },
  {
    name: "an offloaded XDP program",
    facts: { ...SOCKET, skbPerPacket: false, endsInDriver: true, nicDoesProtocol: true },
    place: "the hardware",
  },
  {
    name: "RDMA",
    facts: { ...SOCKET, skbPerPacket: false, ringsMapped: true, nicDoesProtocol: true },
    place: "the hardware",
  },
];

function mistakeIn({ facts, place }: System, answer: unknown): string | undefined {
  if (facts.skbPerPacket && facts.ringsMapped && answer !== place) return "takes mapped rings for bypass";
  if (place === "user space, the kernel keeps the NIC" && answer === "user space, which owns the NIC") {
    return "takes every bypass for DPDK";
  }
  if (place === "the hardware") return "overlooks the hardware";
  return place === "a program in the driver" && answer === "the kernel's stack"
    ? "puts XDP into the stack"
    : undefined;
}

function judge(mine: Classifier, system: System): Outcome {
  const answer: unknown = mine(system.facts);
  if (answer === system.place) return saw(`${system.name}: ${system.place}`);
  const got = `returned ${describeAnswer(answer)} for ${system.name}`;
  if (!PLACES.includes(answer)) return mismatch(`one of ${PLACES.join("; ")}`, got);
  return mismatch(`"${system.place}"`, got, mistakeIn(system, answer));
}

/** Notebook 30: `check("30-map-of-bypass/classify", classify)`. */
export const classify: Exercise<Classifier> = {
  id: "30-map-of-bypass/classify",
  title: "Classify eight systems",
  points: 3,
  starterSteps: 1,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `classify: expected a function classify(facts), your code handed in ${describeValue(mine)}`,
  hints: [
    "one fact settles most: does the kernel make an skb of the packet? Then its stack has done the work already.",
    "where there is no skb, ask from the NIC upwards: does it do the protocol itself, does the packet end in the driver, who drives it?",
    "the order of your questions matters: hardware first, then the skb, then the driver's program, then who drives the NIC.",
  ],
  wrongAnswers: [
    {
      name: "takes mapped rings for bypass",
      hint: "its rings are in the program's memory, and each packet was an skb all the same: the stack had done its work before. Notebook 32 counts it.",
    },
    {
      name: "takes every bypass for DPDK",
      hint: "no skb and rings of its own, but the kernel still drives this NIC: other programs can use it too.",
    },
    {
      name: "overlooks the hardware",
      hint: "the NIC does the protocol here. Whatever else is true of the system, the packet's work is done before anybody's software runs.",
    },
    {
      name: "puts XDP into the stack",
      hint: "this packet ends in the driver, before an skb exists. The stack never hears of it.",
    },
  ],
  scenarios: [
    scenario<Classifier, Classifier>({
      name: "eight systems",
      given: "facts of eight systems, without their names",
      start: (mine) => mine,
      steps: SYSTEMS.map((system, i) => ({
        action: `system ${i + 1} of ${SYSTEMS.length}`,
        play: (mine) => judge(mine, system),
      })),
    }),
  ],
};
