// From a program's name or C text to a verdict on every packet of an interface.
import type { Testbed } from "../net/index.js";
import {
  attachXdpLink,
  type BpfLink,
  type BpfLoadOptions,
  type BpfObject,
  type BpfProgram,
  inNamespace,
  interfaceIndex,
  loadBpfObject,
  loadKernelObject,
  type XdpMode,
} from "../sys/index.js";
import { compileXdp } from "./compile.js";
import { VERDICTS, type XdpVerdict } from "./verdict.js";

/** Packets and bytes under one verdict. */
export interface Tally {
  readonly packets: number;
  readonly bytes: number;
}

/** An XDP program in the kernel, with its maps. */
export interface XdpProgram {
  readonly object: BpfObject;
  readonly program: BpfProgram;
  close(): void;
}

function firstXdp(object: BpfObject): XdpProgram {
  const program = object.programs.find(({ section }) => section.startsWith("xdp"));
  if (program) return { object, program, close: () => object.close() };
  object.close();
  throw new RangeError(`Cannot use ${object.name}: no function has SEC("xdp") -> put SEC("xdp") before it`);
}

/** Loads one of the lab's programs, `kernels/bpf/<name>.bpf.c`. @throws VerifierError, NotSupportedError */
export function loadXdp(name: string, options: BpfLoadOptions = {}): XdpProgram {
  return firstXdp(loadKernelObject(name, options));
}

/**
 * Compiles C text and loads it. Nothing is attached; a program that clang or the kernel refuses leaves nothing behind.
 *
 * @throws CompileError with clang's words and the text's own lines; VerifierError with the whole log.
 */
export function loadXdpText(text: string, name = "program"): XdpProgram {
  return firstXdp(loadBpfObject(compileXdp(text, name), name));
}

/**
 * Attaches a program to a host's end of its wire.
 *
 * @param mode `native` (before an skb exists) or `generic` (after one was made); read it back with `testbed.facts(host).xdp`
 * @throws SysError EBUSY when a program is attached there already.
 */
export function attachXdp(
  testbed: Testbed,
  host: string,
  { program }: XdpProgram,
  mode: XdpMode = "native",
): BpfLink {
  return inNamespace(testbed.path(host), () =>
    attachXdpLink(program.fd, interfaceIndex(testbed.end(host).device), mode),
  );
}

/** Reads the tallies of a program that counts with `count.h`. */
export function verdictCounts({ object }: XdpProgram): Readonly<Record<XdpVerdict, Tally>> {
  const counts = VERDICTS.map((verdict, index) => {
    const [packets = 0, bytes = 0] = object.map("verdicts").readCounters(index);
    return [verdict, { packets, bytes }] as const;
  });
  return Object.fromEntries(counts) as Record<XdpVerdict, Tally>;
}
