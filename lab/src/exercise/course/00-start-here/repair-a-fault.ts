// The fault that every lab on veth meets: frames are sent, nobody complains, nothing arrives. The check really makes the
// network with the fault, runs the learner's one command in it, and counts frames before and after.
import { type Injection, Testbed, twoHosts } from "../../../net/index.js";
import { type Exercise, mismatch, type Outcome, saw, scenario } from "../../types.js";
import { describeThrown, describeValue } from "../../values.js";

/** One command, and the host to run it in: `{ host: "b", command: ["ip", "link", "show"] }`. */
export interface FaultRepair {
  readonly host: "a" | "b";
  readonly command: readonly string[];
}

/** What happened, told before it is judged: the network is gone by then. */
interface Account {
  readonly mine: FaultRepair;
  readonly before: Injection;
  /** What the command threw, or null. */
  readonly refusal: string | null;
  readonly after: Injection;
}

const FRAMES = 1000;
const PROGRAMS = ["ethtool", "ip"];

/**
 * Makes two hosts whose wire loses every injected frame, and tries the repair on it.
 * @throws SysError where the machine allows no namespaces
 */
function tryRepair(mine: FaultRepair): Account {
  const testbed = Testbed.create(twoHosts());
  try {
    testbed.inside("b", "ethtool", "-K", "veth-b", "gro", "off");
    const injector = testbed.injector("a");
    const before = injector.injectNow(FRAMES);
    const refusal = runIn(testbed, mine);
    return { mine, before, refusal, after: injector.injectNow(FRAMES) };
  } finally {
    testbed.close();
  }
}

function runIn(testbed: Testbed, { host, command: [program, ...args] }: FaultRepair): string | null {
  try {
    testbed.inside(host, program!, ...args);
    return null;
  } catch (thrown) {
    return describeThrown(thrown);
  }
}

function judgeRepair({ mine, before, refusal, after }: Account): Outcome {
  if (after.arrived === FRAMES) return saw(`${after.arrived} arrived`);
  const loss = [...after.losses, ...before.losses][0];
  const found = `left ${after.arrived} arriving (lost at: ${loss?.hop ?? "no hop that counts"})`;
  return mismatch(`${FRAMES} frames at b`, refusal ?? found, mistakeIn(mine));
}

/** Names the idea behind a command that did not help. */
function mistakeIn({ host, command }: FaultRepair): string | undefined {
  const words = command.join(" ");
  if (/\bmtu\b/.test(words)) return "raises the MTU";
  if (/\bgro off\b|\bgeneric-receive-offload off\b/.test(words)) return "switches it off once more";
  if (/\bgro on\b|\bgeneric-receive-offload on\b/.test(words))
    return host === "a" || words.includes("veth-a") ? "repairs the sender's end" : undefined;
  if (/\b(tso|gso|tx|rx|sg|lro)\b/.test(words)) return "switches another offload";
  return /^ip link set .*\b(up|down)\b/.test(words) ? "restarts the link" : undefined;
}

function refuses(mine: unknown): string | null {
  const { host, command } = (mine ?? {}) as Partial<FaultRepair>;
  const isCommand = Array.isArray(command) && command.every((word) => typeof word === "string");
  if ((host !== "a" && host !== "b") || !isCommand || command.length < 2) {
    return `repair-a-fault: expected { host: "a" or "b", command: [program, ...arguments] }, your code handed in ${describeValue(mine)}`;
  }
  if (!PROGRAMS.includes(command[0]!)) {
    return `repair-a-fault: expected one of ${PROGRAMS.join(", ")}, your command begins with ${describeValue(command[0])}`;
  }
  if (process.geteuid?.() !== 0) {
    return "repair-a-fault: this needs root, to make a network with the fault in it; nothing was made -> start the notebooks with sudo";
  }
  return null;
}

/** Notebook 00: `check("00-start-here/repair-a-fault", repair)`. */
export const repairAFault: Exercise<FaultRepair> = {
  id: "00-start-here/repair-a-fault",
  title: "Repair a fault",
  points: 2,
  starterSteps: 2,
  needs: ["capabilities", "namespaces", "veth", "nativeXdp"],
  refuses,
  hints: [
    "the frames leave a, and the story says at which hop they are lost. Which end of the wire must change?",
    "a veth only takes an XDP frame that its peer can poll for. That polling is NAPI, and NAPI runs at an end that has GRO or an XDP program.",
    "ethtool -K <device> <feature> on switches a feature of an interface; `ethtool -k veth-b` would list them. Which of them was switched off at b?",
  ],
  wrongAnswers: [
    {
      name: "repairs the sender's end",
      hint: "right feature, wrong end. Who has to pick the frames up?",
    },
    {
      name: "raises the MTU",
      hint: "a frame that is too long is lost too, but these have 60 bytes. It is not their size.",
    },
    {
      name: "restarts the link",
      hint: "the link was up. Down and up again keeps the features of an interface as they were.",
    },
    {
      name: "switches another offload",
      hint: "that offload is about segments or checksums. Look for the one that makes the receiver poll: it also collects packets that belong together.",
    },
    {
      name: "switches it off once more",
      hint: "that is the fault itself.",
    },
  ],
  scenarios: [
    scenario<FaultRepair, Account>({
      name: "frames that vanish",
      given: "hosts a and b with one wire, veth-a to veth-b, and one fault",
      start: tryRepair,
      steps: [
        {
          action: `inject ${FRAMES} frames at a`,
          play: ({ before }) =>
            saw(`${before.arrived} arrived; lost at: ${before.losses.map((loss) => loss.hop).join(", ")}`),
        },
        {
          action: "run your command",
          play: ({ mine, refusal }) =>
            saw(`${mine.command.join(" ")} in ${mine.host}${refusal === null ? "" : " was refused"}`),
        },
        { action: `inject ${FRAMES} frames again`, play: judgeRepair },
      ],
    }),
  ],
};
