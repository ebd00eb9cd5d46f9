// C20 to C22: what user space has to do itself once the packets are there, and under which interface.
import { measure, provenance } from "../../measure/index.js";
import { barFigure } from "../../plot/index.js";
import { judgeSentence, kernelWorld, modelWorld, sentences } from "../../sockets/index.js";
import type { Claim, Finding } from "../claim.js";
import type { Examiner } from "../examiner.js";

/** On a wire whose packets go to a program, the kernel answers nothing: whatever is answered is the program's own protocol. */
function protocolsOfOnesOwn(examiner: Examiner): Promise<Finding> {
  return examiner.ask(
    measure.stackEchoes,
    "pings",
    {},
    ({ pingsSent, pingsAnswered, byKernel, datagramsEchoed, packets }, result) => ({
      verdict:
        byKernel === 0 && pingsAnswered === pingsSent && datagramsEchoed === packets
          ? "supports"
          : "contradicts",
      because: `With all packets of the wire in user space the kernel answered ${byKernel} of ${pingsSent} pings; ARP, IP, ICMP and UDP of our own answered ${pingsAnswered}, and ${datagramsEchoed} of ${packets} datagrams.`,
      figure: barFigure({
        title: "Pings answered on a wire whose packets go to a program",
        provenance: provenance(result),
        axis: { label: "answers", unit: "", scale: "linear" },
        bars: [
          { name: "by the host's kernel", value: byKernel },
          { name: "by the program's own stack", value: pingsAnswered },
        ],
      }),
    }),
  );
}

/** The same sentences of POSIX and the RFCs, played on Linux's sockets and on the library. */
function socketsAsALibrary(examiner: Examiner): Promise<Finding> {
  const [kernel, library] = [kernelWorld(), modelWorld({ seed: 1 })];
  const holds = (world: typeof kernel): number =>
    sentences.filter((sentence) => judgeSentence(sentence, world).trouble === null).length;
  const [onLinux, onLibrary] = [holds(kernel), holds(library)];
  const played = `Of ${sentences.length} sentences of POSIX and the RFCs ${onLinux} are true of Linux's sockets here and ${onLibrary} of a library on a stack in user space.`;
  const isPlayed = onLinux === sentences.length && onLibrary === sentences.length;
  return examiner.ask(measure.echoCalls, "calls", {}, ({ runs }, result) => ({
    verdict: isPlayed ? "inconclusive here" : "contradicts",
    because: `${isPlayed ? "The first half holds" : "The first half does not hold"}. ${played} With most messages on their way a message takes ${runs.at(-1)!.callsPerMessage.toFixed(2)} system calls there. The second half, that most stacks have interfaces of their own, is a question about projects, and was not counted.`,
    figure: barFigure({
      title: "System calls of an echo server for one message",
      provenance: provenance(result),
      axis: { label: "calls a message", unit: "", scale: "linear" },
      bars: runs.map(({ sockets, window, callsPerMessage }) => ({
        name: `${sockets === "kernel" ? "Linux" : "library"}, ${window} on their way`,
        value: callsPerMessage,
      })),
    }),
  }));
}

export const ownStackClaims: readonly Claim[] = [
  {
    id: "C20",
    statement: "User space must then implement the protocols itself, TCP/IP at least.",
    examine: protocolsOfOnesOwn,
  },
  {
    id: "C21",
    statement: "Many userspace stacks exist, none is a standard; development and tests are fragmented.",
    examine: () => ({
      verdict: "not testable here",
      because:
        "How many stacks there are, and who tests them, is a question about projects, not about this machine.",
      results: [],
    }),
  },
  {
    id: "C22",
    statement: "The sockets API can be a library, yet most stacks have their own interface.",
    examine: socketsAsALibrary,
  },
];
