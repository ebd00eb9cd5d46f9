// C14 to C22: packets in user space, and what user space then has to do itself.
import { measure, provenance } from "../../measure/index.js";
import { barFigure } from "../../plot/index.js";
import type { Claim, Finding } from "../claim.js";
import type { Examiner } from "../examiner.js";

function hardlyAnyHelp(examiner: Examiner): Promise<Finding> {
  return examiner.ask(measure.afXdpReceive, "calls", {}, ({ rings, asking, received, injected }, result) => {
    const blind = asking.receiving < asking.packets;
    return {
      verdict: blind
        ? "inconclusive here"
        : rings.receiving === 0 && received === injected
          ? "supports"
          : "contradicts",
      because: `${received} packets were taken from the rings of AF_XDP with ${rings.receiving} system calls that ask for packets; the same counter saw ${asking.receiving} of ${asking.packets} polls. The kernel still runs softirq and program, and copies.`,
      figure: barFigure({
        title: "System calls a packet, by how the loop gets at it",
        provenance: provenance(result),
        axis: { label: "calls that ask for packets, a packet", unit: "", scale: "linear" },
        bars: [
          { name: "looking at the rings", value: rings.receiving / rings.packets },
          { name: "asking by poll first", value: asking.receiving / asking.packets },
        ],
      }),
    };
  });
}

function overheadsGone(examiner: Examiner): Promise<Finding> {
  return examiner.ask(measure.afXdpReceive, "calls", {}, ({ rings, skbs }) => ({
    verdict: rings.receiving === 0 && skbs.entered === 0 ? "supports" : "contradicts",
    because: `Of two overheads none was left on receive: ${rings.receiving} system calls for ${rings.packets} packets, ${skbs.entered} skbs for ${skbs.packets}. Protocol processing itself was not moved here.`,
  }));
}

const noRdma = {
  verdict: "not testable here",
  because: "It takes an RDMA device, or a kernel with rdma_rxe -> run it in the VM.",
  results: [],
} as const;

export const bypassClaims: readonly Claim[] = [
  {
    id: "C14",
    statement: "Kernel bypass removes these overheads by moving protocol processing to user space.",
    examine: overheadsGone,
  },
  {
    id: "C15",
    statement:
      "Packet I/O is done by the hardware, by the OS, or by user space, depending on the architecture.",
  },
  {
    id: "C16",
    statement: "RDMA: the application reads and writes remote memory, the OS is off the data path.",
    examine: () => noRdma,
  },
  { id: "C17", statement: "DPDK: the OS gives the NIC to one application, which drives it from user space." },
  { id: "C18", statement: "netmap: the OS keeps the NIC and maps its queues into the application." },
  {
    id: "C19",
    statement: "Either way packets reach user space with hardly any help from the OS.",
    examine: hardlyAnyHelp,
  },
  { id: "C20", statement: "User space must then implement the protocols itself, TCP/IP at least." },
  {
    id: "C21",
    statement: "Many userspace stacks exist, none is a standard; development and tests are fragmented.",
  },
  { id: "C22", statement: "The sockets API can be a library, yet most stacks have their own interface." },
];
