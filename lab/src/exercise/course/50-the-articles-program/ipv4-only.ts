// A type field is only a promise. Pass a frame when a whole IPv4 header is there and says that it is one.
import { type Exercise, scenario } from "../../types.js";
import { type Diagnose, provenBytes, refusesText, runStep, takeStep } from "./bench.js";
import { casesOf, everyLength, FRAMES } from "./packets.js";

const ETHERNET_BYTES = 14;
const WITH_IPV4_HEADER = 34;

const diagnose: Diagnose = (verdictOn) => {
  const [ip, arp] = [verdictOn(FRAMES.ipv4), verdictOn(FRAMES.arp)];
  if (ip === "PASS" && arp === "PASS") return "passes everything";
  if (ip === "DROP" && verdictOn(FRAMES.swappedType) === "PASS") return "compares in the CPU's byte order";
  const cut = verdictOn(FRAMES.ipv4.subarray(0, WITH_IPV4_HEADER - 1));
  if (ip === "PASS" && verdictOn(FRAMES.wrongVersion) === "DROP" && cut === "PASS")
    return "passes half a header";
  return undefined;
};

/** Notebook 50: `check("50-the-articles-program/ipv4-only", ipv4Only)`. */
export const passIpv4Only: Exercise<string> = {
  id: "50-the-articles-program/ipv4-only",
  title: "IPv4, and nothing that only says so",
  points: 3,
  starterSteps: 3,
  needs: ["bpf", "clang"],
  refuses: refusesText("ipv4-only"),
  hints: [
    "the type says IPv4. Does the header behind it say so too, and is it whole?",
    "the first byte behind the Ethernet header holds the version in its upper four bits. struct iphdr of <linux/ip.h> names it.",
    "two headers have sizeof(struct ethhdr) + sizeof(struct iphdr) bytes: prove them all before you look at the second one.",
  ],
  wrongAnswers: [
    {
      name: "compares in the CPU's byte order",
      hint: "the type travels with its larger byte first, and this CPU reads numbers with the smaller one first. bpf_htons turns a constant round.",
    },
    {
      name: "proves the Ethernet header only",
      hint: "the comparison with data_end proves the first header. The version stands behind it.",
    },
    {
      name: "passes half a header",
      hint: "the version is there, and the rest of the header need not be: 20 bytes have to lie before data_end.",
    },
    { name: "passes everything", hint: "what does the program answer for an ARP frame?" },
  ],
  scenarios: [
    scenario<string, string>({
      name: "IPv4 by type, version and length",
      given: "your text; nothing is attached",
      start: (mine) => mine,
      steps: [
        takeStep((trial) =>
          provenBytes(trial) === ETHERNET_BYTES ? "proves the Ethernet header only" : undefined,
        ),
        runStep("run on IPv4 frames", casesOf("PASS", "ipv4"), diagnose),
        runStep("run on other types", casesOf("DROP", "arp", "ipv6", "swappedType", "tagged"), diagnose),
        runStep("run on frames that only say IPv4", casesOf("DROP", "wrongVersion"), diagnose),
        runStep("run on every length from 14 bytes on", everyLength("ipv4", WITH_IPV4_HEADER), diagnose),
      ],
    }),
  ],
};
