// C14 to C19: packets in user space, and by which systems they get there.
import { measure, provenance } from "../../measure/index.js";
import { barFigure } from "../../plot/index.js";
import { rdmaHere } from "../../sys/index.js";
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

/** Two of the three places can be played here. */
async function whereIo(examiner: Examiner): Promise<Finding> {
  const byOs = await examiner.ask(measure.skbCount, "skbs", { program: "pass" }, ({ frames, made }) => ({
    verdict: made === frames ? "inconclusive here" : "contradicts",
    because: `By the OS: ${frames} packets, an skb for each of ${made}.`,
  }));
  const byUs = await examiner.ask(
    measure.skbCount,
    "skbs",
    { program: "afXdp" },
    ({ frames, made, received }) => ({
      verdict: made === 0 && received === frames ? "inconclusive here" : "contradicts",
      because: `By user space: ${received} of ${frames} taken from the rings of AF_XDP, ${made} skbs.`,
    }),
  );
  return {
    verdict: byOs.verdict === byUs.verdict ? byOs.verdict : "contradicts",
    because: `${byOs.because} ${byUs.because} By the hardware: a veth has none, so the third place was not seen.`,
    results: [...byOs.results, ...byUs.results],
  };
}

const noNic = {
  verdict: "not testable here",
  because:
    "A veth is no PCI device and cannot be given away; notebook 35 runs DPDK's ports on top of the kernel's.",
  results: [],
} as const;

const noNetmap = {
  verdict: "not testable here",
  because:
    "netmap is not in Linux and its module cannot be had here; notebook 34 plays its slots and syncs over AF_XDP.",
  results: [],
} as const;

/** Two halves: the target's program, and the operating system. What soft-RoCE shows of the second is the kernel that acts the card. */
async function memoryWithoutItsOwner(examiner: Examiner): Promise<Finding> {
  const { available, reason, next } = rdmaHere();
  if (!available) return { verdict: "not testable here", because: `${reason} -> ${next}.`, results: [] };
  return examiner.ask(measure.rdmaEvents, "calls", {}, ({ ways }) => {
    const oneSided = ways.filter(({ name }) => name.startsWith("RDMA"));
    const isAbsent = oneSided.every(
      ({ arrived, messages, targetCalls, targetSwitches }) =>
        arrived === messages && Object.keys(targetCalls).length === 0 && targetSwitches === 0,
    );
    const doorbells = oneSided.reduce((sum, { ourCalls }) => sum + (ourCalls.write ?? 0), 0);
    const messages = oneSided.reduce((sum, way) => sum + way.messages, 0);
    const half = `${messages} one-sided writes and reads, the target stopped: it ${isAbsent ? "made no call and never ran" : "was not left alone"}.`;
    if (!isAbsent) return { verdict: "contradicts", because: half };
    return doorbells === 0
      ? { verdict: "supports", because: `${half} No call of ours rang the device's bell.` }
      : {
          verdict: "inconclusive here",
          because: `${half} But ${doorbells} calls rang the bell of a device that the kernel acts (soft-RoCE): what a card's system does was not seen.`,
        };
  });
}

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
    examine: whereIo,
  },
  {
    id: "C16",
    statement: "RDMA: the application reads and writes remote memory, the OS is off the data path.",
    examine: memoryWithoutItsOwner,
  },
  {
    id: "C17",
    statement: "DPDK: the OS gives the NIC to one application, which drives it from user space.",
    examine: () => noNic,
  },
  {
    id: "C18",
    statement: "netmap: the OS keeps the NIC and maps its queues into the application.",
    examine: () => noNetmap,
  },
  {
    id: "C19",
    statement: "Either way packets reach user space with hardly any help from the OS.",
    examine: hardlyAnyHelp,
  },
];
