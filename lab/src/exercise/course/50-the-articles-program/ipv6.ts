// IPv6 has no length of its header to skip by: what is inside may stand behind a chain of extension headers, each naming the
// next. Walk it, with an end to the walk that the verifier can see, and a new proof after every move.
import type { XdpTrial } from "../../../xdp/index.js";
import { type Exercise, scenario } from "../../types.js";
import { type Diagnose, refusesText, runStep, takeStep } from "./bench.js";
import { casesOf, everyLength, FRAMES } from "./packets.js";

const ETHERNET_AND_IPV6_BYTES = 54;
const WITH_UDP = 62;
const WITH_EXTENSION_AND_UDP = 70;

/** What the verifier says of a loop that brings nothing new, or too much. */
const WITHOUT_END = /infinite loop detected|program is too large/;
/**
 * Behind sixteen moves of 8 bytes or more. A walk that the program does not end is ended so: each move may be 2 KiB, and
 * once the pointer could be 64 KiB away a comparison proves nothing more, in the 33rd round.
 * @source kernel/bpf/verifier.c, find_good_pkt_pointers and MAX_PACKET_OFF, v6.18
 */
const FAR = ETHERNET_AND_IPV6_BYTES + 16 * 8;

/** Names the mistake behind a refusal of the verifier. */
function mistakeIn({ explanation }: XdpTrial): string | undefined {
  if (WITHOUT_END.test(explanation?.log ?? "")) return "walks without an end";
  const access = explanation?.access;
  if (access?.moves) return access.offset > FAR ? "walks without an end" : "keeps an old proof after moving";
  return access?.provenBytes === ETHERNET_AND_IPV6_BYTES ? "proves nothing behind IPv6's header" : undefined;
}

const diagnose: Diagnose = (verdictOn) => {
  if (verdictOn(FRAMES.tcpOverIpv6) === "PASS") return "passes more than UDP";
  if (verdictOn(FRAMES.otherPort) === "PASS") return "passes UDP to any port";
  if (verdictOn(FRAMES.extensionLikeUdp) === "PASS") return "does not count the first eight bytes";
  if (verdictOn(FRAMES.fragment) === "PASS") return "walks into a fragment";
  if (verdictOn(FRAMES.fiveExtensions) === "PASS") return "walks further than four";
  const [one, long] = [verdictOn(FRAMES.oneExtension), verdictOn(FRAMES.longExtension)];
  if (one === "PASS" && long === "DROP") return "takes the length for bytes";
  if (one === "PASS" && verdictOn(FRAMES.threeExtensions) === "DROP")
    return "stops after one extension header";
  return verdictOn(FRAMES.ipv6) === "PASS" && one === "DROP" ? "looks only at IPv6's next header" : undefined;
};

/** Notebook 50: `check("50-the-articles-program/ipv6", overIpv6)`. */
export const passUdpOverIpv6: Exercise<string> = {
  id: "50-the-articles-program/ipv6",
  title: "UDP over IPv6, however far behind",
  points: 5,
  starterSteps: 3,
  needs: ["bpf", "clang"],
  refuses: refusesText("ipv6"),
  hints: [
    "IPv6's header always has 40 bytes, and its next header names what follows: 17 is UDP, and 0, 43 and 60 are extension headers, which name what follows them.",
    "keep two values as for the VLAN tag, the protocol and where its header begins. An extension header's first byte is the next protocol, its second the length: in units of 8 bytes, without the first 8.",
    "a for loop of at most four rounds: leave it when the protocol is no extension; otherwise compare with data_end, read both bytes, move by (length + 1) * 8. Behind the loop the pointer has moved, so UDP's 8 bytes need a proof of their own.",
  ],
  wrongAnswers: [
    {
      name: "looks only at IPv6's next header",
      hint: "the next header may be an extension: it says 0, 43 or 60 then, and UDP stands behind it. Any sender can put one there, so a filter that stops here is easily walked round.",
    },
    {
      name: "stops after one extension header",
      hint: "an extension header may be followed by another. What was done once has to be done again, up to four times.",
    },
    {
      name: "does not count the first eight bytes",
      hint: "an extension header whose length field is 0 has 8 bytes: the field counts what comes after those. Your program looked for UDP inside the extension.",
    },
    {
      name: "takes the length for bytes",
      hint: "the length field counts units of 8 bytes: 1 is 8 bytes more than the least, not one.",
    },
    {
      name: "walks without an end",
      hint: "the verifier has to see an end of every loop, and a packet that you do not know cannot promise one. Count the rounds: four are enough.",
    },
    {
      name: "walks further than four",
      hint: "four extension headers are the limit. A fifth one means drop: what no honest sender needs, nobody should make us work for.",
    },
    {
      name: "proves nothing behind IPv6's header",
      hint: "54 bytes were proven: Ethernet's header and IPv6's. The extension header, or UDP's, comes after them.",
    },
    {
      name: "keeps an old proof after moving",
      hint: "the pointer has moved by a length that came out of the packet, so the verifier knows nothing of what lies behind it. Compare with data_end again, after the move.",
    },
    {
      name: "walks into a fragment",
      hint: "44 is a fragment. Only the first one has a UDP header, and the rest of it is elsewhere: drop, do not skip.",
    },
    {
      name: "passes more than UDP",
      hint: "an IPv6 frame may hold TCP, or anything. At the end of the chain the protocol has to be 17.",
    },
    {
      name: "passes UDP to any port",
      hint: "the destination port is the second 16-bit field of UDP's header, in network byte order: compare it with bpf_htons(7).",
    },
  ],
  scenarios: [
    scenario<string, string>({
      name: "a chain of headers",
      given: "your text; nothing is attached",
      start: (mine) => mine,
      steps: [
        takeStep(mistakeIn),
        runStep("run on UDP to port 7", casesOf("PASS", "ipv6"), diagnose),
        runStep(
          "run on other frames",
          casesOf("DROP", "arp", "ipv4", "tcpOverIpv6", "otherPort", "wrongVersionOfIpv6"),
          diagnose,
        ),
        runStep(
          "run on UDP behind extensions",
          casesOf("PASS", "oneExtension", "longExtension", "threeExtensions", "fourExtensions"),
          diagnose,
        ),
        runStep(
          "run on what only looks like it",
          casesOf("DROP", "tcpBehindExtension", "extensionLikeUdp", "fragment", "fiveExtensions"),
          diagnose,
        ),
        runStep("run on every length", everyLength("ipv6", WITH_UDP), diagnose),
        runStep(
          "run on every length with an extension",
          everyLength("oneExtension", WITH_EXTENSION_AND_UDP),
          diagnose,
        ),
      ],
    }),
  ],
};
