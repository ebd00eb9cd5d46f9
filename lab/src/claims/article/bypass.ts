// C14 to C19: packets in user space, and by which systems they get there.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { measure, provenance } from "../../measure/index.js";
import { barFigure } from "../../plot/index.js";
import { rdmaHere } from "../../sys/index.js";
import { countBars } from "../bars.js";
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

/** Both halves: the packets come without the overheads, and the protocols run in user space on them. */
async function overheadsGone(examiner: Examiner): Promise<Finding> {
  const received = await examiner.ask(measure.afXdpReceive, "calls", {}, ({ rings, skbs }) => ({
    verdict: rings.receiving === 0 && skbs.entered === 0 ? "supports" : "contradicts",
    because: `On receive two overheads are gone: ${rings.receiving} system calls for ${rings.packets} packets, ${skbs.entered} skbs for ${skbs.packets}.`,
  }));
  const served = await examiner.ask(measure.echoCalls, "calls", {}, ({ runs }, result) => {
    const last = (sockets: "kernel" | "library"): (typeof runs)[number] =>
      runs.filter((run) => run.sockets === sockets).at(-1)!;
    const [kernel, library] = [last("kernel"), last("library")];
    const [most, left] = [kernel.callsPerMessage, library.callsPerMessage];
    return {
      verdict: left === 0 ? "supports" : left < most ? "inconclusive here" : "contradicts",
      because: `With the protocols moved to user space, too, an echo server makes ${left.toFixed(2)} system calls a message, ${library.window} on their way, and ${most.toFixed(2)} on Linux's sockets. What is left is sending, which takes a call for each batch in copy mode: a veth has no other, so whether all would go is not seen.`,
      figure: countBars(
        result,
        "System calls of an echo server for one message",
        "calls a message",
        runs.map(({ sockets, window, callsPerMessage }) => [
          `${sockets === "kernel" ? "Linux" : "user space"}, ${window} on their way`,
          callsPerMessage,
        ]),
      ),
    };
  });
  return {
    ...served,
    verdict: received.verdict === "supports" ? served.verdict : received.verdict,
    because: `${received.because} ${served.because}`,
    results: [...received.results, ...served.results],
  };
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
    ({ frames, made, received }, result) => ({
      verdict: made === 0 && received === frames ? "inconclusive here" : "contradicts",
      because: `By user space: ${received} of ${frames} taken from the rings of AF_XDP, ${made} skbs.`,
      figure: countBars(result, "Packets that a program took from the rings", "counted", [
        ["injected", frames],
        ["taken from the rings", received],
        ["skbs that the OS made of them", made],
      ]),
    }),
  );
  return {
    ...byUs,
    verdict: byOs.verdict === byUs.verdict ? byOs.verdict : "contradicts",
    because: `${byOs.because} ${byUs.because} By the hardware: a veth has none, so the third place was not seen.`,
    results: [...byOs.results, ...byUs.results],
  };
}

const PCI = "/sys/bus/pci/devices";

/** Network cards on the machine's PCI bus, by the class that each says of itself. @source PCI code and ID assignment, class 02h */
function networkCards(): string[] {
  if (!existsSync(PCI)) return [];
  return readdirSync(PCI).filter((slot) => readFileSync(`${PCI}/${slot}/class`, "utf8").startsWith("0x02"));
}

/** What can be given away here, and what DPDK does on a wire that cannot. */
function givenAway(examiner: Examiner): Promise<Finding> {
  const cards = networkCards();
  const seen =
    cards.length === 0
      ? "No network card is on a PCI bus here, and a veth is none"
      : `${cards.length} on the PCI bus, which the lab leaves to the machine, and a veth is none`;
  return examiner.ask(measure.dpdkPorts, "%", {}, ({ ports }, result) => {
    const onVeth = ports.filter(({ load }) => load !== null);
    const taken = onVeth.map(
      ({ name, load, skbs }) => `${name} ${load!.received} of ${load!.injected} by ${skbs} skbs`,
    );
    return {
      verdict: "not testable here",
      because: `To be given away it takes a network card. ${seen}. DPDK's ports on top of the kernel's drivers took ${taken.join("; ")}: they show DPDK, and no NIC of its own.`,
      sources: [PCI],
      figure: countBars(
        result,
        "Packets that DPDK took from a veth, through the kernel's drivers",
        "packets",
        onVeth.map(({ name, load }) => [name, load!.received]),
      ),
    };
  });
}

const NETMAP = "/dev/netmap";

function netmapHere(): Finding {
  const sources = [NETMAP];
  if (existsSync(NETMAP))
    return {
      verdict: "no experiment yet",
      because: `${NETMAP} is here, and the course has no experiment for it: notebook 34 plays netmap's slots and syncs over AF_XDP.`,
      results: [],
      sources,
    };
  return {
    verdict: "not testable here",
    because: `There is no ${NETMAP}: netmap is not in Linux, and its module not in this kernel. Notebook 34 plays its slots and syncs over AF_XDP.`,
    results: [],
    sources,
  };
}

function callsOf(byName: Readonly<Record<string, number>>): number {
  return Object.values(byName).reduce((sum, count) => sum + count, 0);
}

/** Two halves: the target's program, and the operating system. What soft-RoCE shows of the second is the kernel that acts the card. */
async function memoryWithoutItsOwner(examiner: Examiner): Promise<Finding> {
  const { available, reason, next } = rdmaHere();
  if (!available) return { verdict: "not testable here", because: `${reason} -> ${next}.`, results: [] };
  return examiner.ask(measure.rdmaEvents, "calls", {}, ({ ways }, result) => {
    const oneSided = ways.filter(({ name }) => name.startsWith("RDMA"));
    const isAbsent = oneSided.every(
      ({ arrived, messages, targetCalls, targetSwitches }) =>
        arrived === messages && Object.keys(targetCalls).length === 0 && targetSwitches === 0,
    );
    const doorbells = oneSided.reduce((sum, { ourCalls }) => sum + (ourCalls.write ?? 0), 0);
    const messages = oneSided.reduce((sum, way) => sum + way.messages, 0);
    const half = `${messages} one-sided writes and reads, the target stopped: it ${isAbsent ? "made no call and never ran" : "was not left alone"}.`;
    const figure = countBars(result, "Calls that one-sided messages took", "calls", [
      ["messages", messages],
      ["the target's", oneSided.reduce((sum, way) => sum + callsOf(way.targetCalls), 0)],
      ["ours, to ring the bell", doorbells],
    ]);
    if (!isAbsent) return { verdict: "contradicts", because: half, figure };
    return doorbells === 0
      ? { verdict: "supports", because: `${half} No call of ours rang the device's bell.`, figure }
      : {
          verdict: "inconclusive here",
          figure,
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
    examine: givenAway,
  },
  {
    id: "C18",
    statement: "netmap: the OS keeps the NIC and maps its queues into the application.",
    examine: netmapHere,
  },
  {
    id: "C19",
    statement: "Either way packets reach user space with hardly any help from the OS.",
    examine: hardlyAnyHelp,
  },
];
