// Make the article's program one that the kernel takes: prove, before the matcher looks, that its bytes exist.
import { type Exercise, scenario } from "../../types.js";
import { type Diagnose, provenBytes, refusesText, runStep, takeStep } from "./bench.js";
import { casesOf, everyLength, FRAMES } from "./packets.js";

const WHOLE_HEADER = 14;

const diagnose: Diagnose = (verdictOn) => {
  const [ip, arp] = [verdictOn(FRAMES.ipv4), verdictOn(FRAMES.arp)];
  if (ip === "PASS" && arp === "PASS") return "passes everything";
  if (ip === "DROP" && arp === "DROP") return "drops everything";
  if (ip === "PASS" && verdictOn(FRAMES.ipv4.subarray(0, WHOLE_HEADER)) === "DROP")
    return "drops a frame that ends with its header";
  return undefined;
};

/** Notebook 50: `check("50-the-articles-program/bounds", withBounds)`. */
export const proveTheBounds: Exercise<string> = {
  id: "50-the-articles-program/bounds",
  title: "Prove that the header is there",
  points: 3,
  starterSteps: 0,
  needs: ["bpf", "clang"],
  refuses: refusesText("bounds"),
  hints: [
    "the verifier does not know how long the packet is. Which two values of the program say it?",
    "a comparison with data_end proves bytes only on the branch where it came out in your favour: the matcher must stand on that branch.",
    "the header has sizeof(struct ethhdr) bytes. Its end, data plus that many, may equal data_end and not exceed it.",
  ],
  wrongAnswers: [
    {
      name: "proves too few bytes",
      hint: "there is a proof, and it ends too early: compare the number of bytes proven with the bytes that the matcher reads. h_proto is the header's last field.",
    },
    {
      name: "looks on the wrong branch",
      hint: "there is a comparison with data_end, and the matcher runs where it says that the header is not there.",
    },
    {
      name: "drops a frame that ends with its header",
      hint: "data_end is the address behind the last byte. When the header's end equals it, the whole header is there.",
    },
    {
      name: "passes everything",
      hint: "the matcher has to be asked: what does the program answer for an ARP frame?",
    },
    {
      name: "drops everything",
      hint: "the kernel takes it, and no frame gets through: which path returns XDP_PASS?",
    },
  ],
  scenarios: [
    scenario<string, string>({
      name: "the header is proven",
      given: "your text; nothing is attached",
      start: (mine) => mine,
      steps: [
        takeStep((trial) => {
          const proven = provenBytes(trial);
          if (proven !== null && proven > 0) return "proves too few bytes";
          return proven === 0 && trial.explanation?.log.includes("pkt_end()")
            ? "looks on the wrong branch"
            : undefined;
        }),
        runStep("run on IPv4 frames", casesOf("PASS", "ipv4"), diagnose),
        runStep("run on other frames", casesOf("DROP", "arp", "ipv6", "swappedType"), diagnose),
        runStep("run on every length from 14 bytes on", everyLength("ipv4", WHOLE_HEADER), diagnose),
      ],
    }),
  ],
};
