// Many packets through one program: how many of each kind passed, and how many did not.
import {
  ETHER_TYPE,
  ETHERNET_HEADER_BYTES,
  EthernetView,
  etherTypeToText,
  FIRST_ETHER_TYPE,
} from "../packet/index.js";
import {
  type Cell,
  type Displayable,
  htmlTable,
  type Provenance,
  verdictStripFigure,
} from "../plot/index.js";
import { runOnCapture } from "./run.js";
import type { XdpTrial } from "./try.js";
import type { XdpVerdict } from "./verdict.js";

/** Packets of one EtherType, by verdict. */
export interface KindTally {
  /** `IPv4 (0x0800)`. */
  readonly kind: string;
  readonly packets: number;
  readonly passed: number;
  readonly dropped: number;
  /** Shorter than an Ethernet header, or longer than a page: the kernel runs no program on it. */
  readonly notRun: number;
}

/** Counts verdicts by EtherType, the most frequent first. @param verdicts from `runOnCapture`, one a packet */
export function tallyByKind(
  packets: readonly Uint8Array[],
  verdicts: readonly (XdpVerdict | null)[],
): KindTally[] {
  const kinds = [...new Set(packets.map(kindOf))];
  const tallies = kinds.map((kind) => {
    const own = verdicts.filter((_, index) => kindOf(packets[index]!) === kind);
    const passed = own.filter((verdict) => verdict === "PASS").length;
    const notRun = own.filter((verdict) => verdict === null).length;
    return { kind, packets: own.length, passed, dropped: own.length - passed - notRun, notRun };
  });
  return tallies.sort((a, b) => b.packets - a.packets);
}

function kindOf(packet: Uint8Array): string {
  if (packet.length < ETHERNET_HEADER_BYTES) return "shorter than a header";
  const { etherType } = new EthernetView(packet);
  return etherType < FIRST_ETHER_TYPE ? "a length, not a type" : etherTypeToText(etherType);
}

/** How many of these a program passes; null where it is not loaded. */
export function countPassed({ program }: XdpTrial, packets: readonly Uint8Array[]): number | null {
  if (program === null) return null;
  return runOnCapture(program, packets).filter((verdict) => verdict === "PASS").length;
}

/**
 * Runs a program on a capture and shows its verdicts by EtherType.
 *
 * @returns The table; the trial itself, which says why, where the program is not loaded.
 */
export function verdictTable(trial: XdpTrial, packets: readonly Uint8Array[], title: string): Displayable {
  if (trial.program === null) return trial;
  const tallies = tallyByKind(packets, runOnCapture(trial.program, packets));
  const columns = ["EtherType", "packets", "PASS", "DROP", "not run"].map((name) => ({ name }));
  const rows = tallies.map(({ kind, packets, passed, dropped, notRun }): Cell[] => [
    kind,
    packets,
    passed,
    dropped,
    notRun,
  ]);
  return htmlTable(columns, rows, { title });
}

/** What fits into a cell of the strip. */
function shortKindOf(packet: Uint8Array): string {
  if (packet.length < ETHERNET_HEADER_BYTES) return "short";
  const { etherType } = new EthernetView(packet);
  if (etherType < FIRST_ETHER_TYPE) return "802.3";
  if (etherType === ETHER_TYPE.serviceVlan) return "QinQ";
  return etherTypeToText(etherType).replace(/ \(.*|^0x/, "");
}

/**
 * Runs a program on a capture and draws each packet with its verdict, in the capture's order.
 *
 * @param packets one to 340
 * @returns the figure; the trial itself, which says why, where the program is not loaded
 */
export function verdictStrip(
  trial: XdpTrial,
  packets: readonly Uint8Array[],
  title: string,
  provenance: Provenance,
): Displayable {
  if (trial.program === null) return trial;
  const verdicts = runOnCapture(trial.program, packets);
  const judged = packets.map((packet, i) => ({ kind: shortKindOf(packet), verdict: verdicts[i] }));
  return verdictStripFigure({ title, packets: judged, provenance });
}
