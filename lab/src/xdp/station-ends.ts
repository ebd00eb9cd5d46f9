// Where a packet ends after each verdict, and who there can tell. A program says only what it wanted. Whether the
// packet came through is for others to count: the driver, a program at the far end, the socket. So each end has a
// counter of its own, and a name for every hop on the way to it that can lose a packet.
import type { Testbed } from "../net/index.js";
import { inNamespace, interfaceIndex, u32Key } from "../sys/index.js";
import { countRefusals, openCpuQueue } from "./cpu-queue.js";
import { PacketTimes } from "./packet-times.js";
import { attachXdp, loadCounter, loadXdp, type Tally, verdictCounts, type XdpProgram } from "./program.js";
import { findQueueThread } from "./queue-thread.js";
import { openSocketEnd } from "./socket-end.js";
import type { Ending, EndRequest, PacketLoss, StationEnd } from "./station-end.js";
import type { XdpVerdict } from "./verdict.js";

/**
 * Before Linux 6.15 a drop by a cpumap's program ends the batch where packets are skbs: of up to eight it is shown the first.
 *
 * @source kernel/bpf/cpumap.c at v6.12, cpu_map_bpf_prog_run_skb returns where it should go on
 */
export const STRAYED = "past the program, into the stack: Linux before 6.15";

/** Opens an end. What it makes is closed with the testbed. */
export const openEnd: Readonly<Record<Ending, (request: EndRequest) => StationEnd>> = {
  drop(request) {
    const { testbed, mode, words, timed } = request;
    const program =
      words === undefined
        ? loadCounter("DROP", timed)
        : loadXdp("touch", { initialValues: { ".rodata": u32Key(words) } });
    attachXdp(testbed, "b", program, mode);
    const said = saidBy(program, "DROP");
    const tally = talliedBy(program, "DROP");
    const all = { program, said, tally, losses: none, ...(words === undefined && timesOf(program, timed)) };
    // In generic mode the frame is an skb by then, and to the driver it went to the stack.
    if (mode === "generic") return { ...all, countedBy: "the program itself", ended: said };
    const ended = (): number => testbed.facts("b").driver.dropped;
    return { ...all, countedBy: "the driver of veth-b (xdp_drops)", ended };
  },
  pass({ testbed, mode, timed }) {
    const program = loadCounter("PASS", timed);
    attachXdp(testbed, "b", program, mode);
    // The injected frames are of no protocol: the stack takes each one up, finds nobody who wants it, and counts it.
    const ended = since(() => testbed.facts("b").rxDropped);
    const countedBy = "the stack of host b (rx_dropped: no such protocol)";
    return {
      program,
      countedBy,
      said: saidBy(program, "PASS"),
      ended,
      tally: talliedBy(program, "PASS"),
      losses: none,
      ...timesOf(program, timed),
    };
  },
  tx({ testbed, mode, deaf, timed = false }) {
    const program = loadXdp("tx");
    attachXdp(testbed, "b", program, mode);
    return { program, said: saidBy(program, "TX"), ...farEnd(testbed, "a", "b", { deaf, timed }) };
  },
  redirect({ testbed, mode, deaf, timed = false }) {
    const program = loadXdp("redirect");
    const out = testbed.peer("c");
    // Both inside: a devmap looks an index up in the namespace of the thread that writes it.
    inNamespace(testbed.path(out.host), () => {
      program.object.map("target").update(u32Key(0), u32Key(interfaceIndex(out.device)));
    });
    attachXdp(testbed, "b", program, mode);
    return {
      program,
      said: saidBy(program, "REDIRECT"),
      ...farEnd(testbed, "c", out.device, { deaf, timed }),
    };
  },
  cpumap({ testbed, mode, cpu, timed }) {
    const program = loadXdp("cpu_redirect", { initialValues: { ".rodata": u32Key(cpu) } });
    const cpus = program.object.map("cpus");
    openCpuQueue(cpus, cpu, program.object.program(timed ? "on_other_cpu_timed" : "on_other_cpu"));
    attachXdp(testbed, "b", program, mode);
    const thread = findQueueThread(cpus, cpu);
    const refused = countRefusals(testbed, cpus);
    const strays = mode === "generic" ? since(() => testbed.facts("b").rxDropped) : () => 0;
    const arrived = (): Tally => {
      const [packets = 0, bytes = 0] = program.object.map("arrived").readCounters(0);
      return { packets, bytes };
    };
    return {
      program,
      countedBy: `a program on CPU ${cpu}`,
      said: saidBy(program, "REDIRECT"),
      ended: () => arrived().packets,
      tally: arrived,
      losses: () => [
        { hop: `queue to CPU ${cpu} full`, packets: refused() },
        { hop: STRAYED, packets: strays() },
      ],
      ...timesOf(program, timed),
      ...(thread !== null && { thread }),
    };
  },
  xskmap: openSocketEnd,
};

/**
 * The other end of a wire, with a program that counts, and so with NAPI; or without any.
 *
 * @param from the interface that the packets leave by
 */
function farEnd(
  testbed: Testbed,
  host: string,
  from: string,
  { deaf, timed }: Required<Pick<EndRequest, "deaf" | "timed">>,
): Pick<StationEnd, "countedBy" | "ended" | "tally" | "losses" | "times"> {
  const { device } = testbed.end(host);
  const lost = since(() => {
    const { refused, failed } = testbed.facts(from).driver;
    return refused + failed;
  });
  const losses = (): PacketLoss[] => [{ hop: `not taken by ${device}`, packets: lost() }];
  if (deaf) {
    testbed.inside(host, "ethtool", "-K", device, "gro", "off");
    const ended = since(() => testbed.facts(host).rxPackets);
    const tally = (): Tally => ({ packets: ended(), bytes: 0 });
    return { countedBy: `the interface ${device}`, ended, tally, losses };
  }
  const counter = loadCounter("DROP", timed);
  attachXdp(testbed, host, counter);
  const [ended, tally] = [saidBy(counter, "DROP"), talliedBy(counter, "DROP")];
  return { countedBy: `a program on ${device}`, ended, tally, losses, ...timesOf(counter, timed) };
}

function none(): PacketLoss[] {
  return [];
}

function saidBy(program: XdpProgram, verdict: XdpVerdict): () => number {
  return since(() => verdictCounts(program)[verdict].packets);
}

/** The map's own sum: the program is new, so it began at 0. */
function talliedBy(program: XdpProgram, verdict: XdpVerdict): () => Tally {
  return () => verdictCounts(program)[verdict];
}

function timesOf({ object }: XdpProgram, timed = false): Pick<StationEnd, "times"> {
  return timed ? { times: new PacketTimes(object) } : {};
}

/** A counter that begins at 0 now. */
function since(read: () => number): () => number {
  const start = read();
  return () => read() - start;
}
