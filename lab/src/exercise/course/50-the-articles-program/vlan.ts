// A VLAN tag moves everything behind it by four bytes. Pass IPv4 with one tag as well as without.
import { type Exercise, scenario } from "../../types.js";
import { type Diagnose, provenBytes, refusesText, runStep, takeStep } from "./bench.js";
import { casesOf, everyLength, FRAMES } from "./packets.js";

const WITH_IPV4_HEADER = 34;
const WITH_TAG = 38;

const diagnose: Diagnose = (verdictOn) => {
  if (verdictOn(FRAMES.tagLikeIpv4) === "PASS" && verdictOn(FRAMES.taggedWrongVersion) === "DROP")
    return "looks for the header where it was without a tag";
  if (verdictOn(FRAMES.taggedArp) === "PASS") return "passes every tagged frame";
  if (verdictOn(FRAMES.twoCustomerTags) === "PASS") return "passes two tags";
  return undefined;
};

/** Notebook 50: `check("50-the-articles-program/vlan", behindTag)`. */
export const passBehindATag: Exercise<string> = {
  id: "50-the-articles-program/vlan",
  title: "IPv4 behind one VLAN tag",
  points: 4,
  starterSteps: 2,
  needs: ["bpf", "clang"],
  refuses: refusesText("vlan"),
  hints: [
    "a tagged frame says 0x8100 (ETH_P_8021Q) in its type field. Where does it say what is inside?",
    "the tag is four bytes between the Ethernet header and the rest: two of its own, then the type of what follows.",
    "keep two values, the type and where the next header begins; a tag changes both. Each move needs its own comparison with data_end.",
  ],
  wrongAnswers: [
    {
      name: "proves nothing behind the tag",
      hint: "14 bytes were proven. The tag and the type inside it come after them.",
    },
    {
      name: "looks for the header where it was without a tag",
      hint: "the inner type is right, but the IPv4 header begins four bytes later: behind the tag.",
    },
    {
      name: "passes every tagged frame",
      hint: "behind a tag may be anything: what does the program answer for tagged ARP?",
    },
    {
      name: "passes two tags",
      hint: "one tag is to be passed, and the type inside it has to be IPv4's, not another tag's.",
    },
  ],
  scenarios: [
    scenario<string, string>({
      name: "with a tag and without",
      given: "your text; nothing is attached",
      start: (mine) => mine,
      steps: [
        takeStep((trial) => (provenBytes(trial) === 14 ? "proves nothing behind the tag" : undefined)),
        runStep("run on IPv4 without a tag", casesOf("PASS", "ipv4"), diagnose),
        runStep("run on IPv4 behind one tag", casesOf("PASS", "tagged"), diagnose),
        runStep(
          "run on everything else",
          casesOf(
            "DROP",
            "arp",
            "ipv6",
            "taggedArp",
            "wrongVersion",
            "taggedWrongVersion",
            "tagLikeIpv4",
            "twoTags",
            "twoCustomerTags",
          ),
          diagnose,
        ),
        runStep("run on every length without a tag", everyLength("ipv4", WITH_IPV4_HEADER), diagnose),
        runStep("run on every length with a tag", everyLength("tagged", WITH_TAG), diagnose),
      ],
    }),
  ],
};
