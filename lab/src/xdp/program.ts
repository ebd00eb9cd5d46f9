// From a program's name or C text to a verdict on every packet of an interface.
import { SysError, VerifierError } from "../base/index.js";
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
  u32Key,
  type XdpMode,
} from "../sys/index.js";
import { type CText, placeLog } from "./c-text.js";
import { compileXdp } from "./compile.js";
import { VERDICTS, type XdpVerdict } from "./verdict.js";

/** Packets and bytes under one verdict. */
export interface Tally {
  readonly packets: number;
  readonly bytes: number;
}

/** An XDP program in the kernel, with its maps. Once it is closed, asking for either throws. */
export interface XdpProgram {
  readonly name: string;
  readonly object: BpfObject;
  readonly program: BpfProgram;
  /** Takes it out of the kernel, once no link holds it any more. */
  close(): void;
}

/** Loads one of the lab's programs, `kernels/bpf/<name>.bpf.c`. @throws VerifierError, NotSupportedError */
export function loadXdp(name: string, options: BpfLoadOptions = {}): XdpProgram {
  return firstXdp(loadKernelObject(name, options));
}

/**
 * Loads the program that counts every packet and answers always the same.
 *
 * @param verdict read the counts by `verdictCounts`
 * @param timed whether it keeps times too, for `PacketTimes` to read
 */
export function loadCounter(verdict: XdpVerdict, timed = false): XdpProgram {
  const constants = { ".rodata": u32Key(VERDICTS.indexOf(verdict)) };
  return loadXdp(timed ? "count_timed" : "count", { initialValues: constants });
}

/**
 * Compiles C text and loads it. Nothing is attached; a program that clang or the kernel refuses leaves nothing behind.
 *
 * @throws CompileError with clang's words and the text's own lines; VerifierError with the whole log.
 */
export function loadXdpText(text: string | CText, name = "program"): XdpProgram {
  return firstXdp(loadText(text, name));
}

/** Compiles C text, whatever programs are in it, and loads it. @throws as `loadXdpText` */
export function loadText(text: string | CText, name: string): BpfObject {
  const elf = compileXdp(text, name);
  try {
    return loadBpfObject(elf, name);
  } catch (error) {
    throw error instanceof VerifierError ? placed(error, text) : error;
  }
}

const QUOTED_PLACE = /^; (.*) @ (\S+:\d+)$/gm;

/** The refusal with the cell's lines. */
function placed({ program, instruction, reason, log }: VerifierError, text: string | CText): VerifierError {
  const own = placeLog(text, log, "<stdin>");
  const [, quoted, place] = [...own.matchAll(QUOTED_PLACE)].at(-1) ?? [];
  const next =
    typeof text === "string" || place === undefined
      ? "read error.log from its end upwards"
      : `look at ${place}:1, \`${quoted}\`; tryXdp(cText\`...\`) explains it`;
  return new VerifierError(program, instruction, reason, own, next);
}

/** The first program of an object whose section is `xdp`. @throws RangeError where there is none; the object is closed then */
export function firstXdp(object: BpfObject): XdpProgram {
  const program = object.programs.find(({ section }) => section.startsWith("xdp"));
  if (program) return openProgram(object, program);
  object.close();
  throw new RangeError(`Cannot use ${object.name}: no function has SEC("xdp") -> put SEC("xdp") before it`);
}

// The numbers of closed descriptors are given out again, so a late call would reach some other program.
function openProgram(object: BpfObject, program: BpfProgram): XdpProgram {
  let open = true;
  const whileOpen = <T>(thing: T): T => {
    if (open) return thing;
    throw new Error(
      `Cannot use ${program.name}: it is closed -> load it again, or read its maps before closing`,
    );
  };
  return {
    name: program.name,
    get object(): BpfObject {
      return whileOpen(object);
    },
    get program(): BpfProgram {
      return whileOpen(program);
    },
    close(): void {
      if (open) object.close();
      open = false;
    },
  };
}

/**
 * Attaches a program to a host's end of its wire. The testbed closes both, link and program, if nobody did before.
 *
 * @param mode `native` (before an skb exists) or `generic` (after one was made); the kernel never gives the other one
 *   silently, and `testbed.facts(host).xdp` reads back what it gave
 * @throws SysError EBUSY when a program is attached there already, ERANGE when the MTU is above 3506 in native mode.
 */
export function attachXdp(
  testbed: Testbed,
  host: string,
  program: XdpProgram,
  mode: XdpMode = "native",
): BpfLink {
  const end = testbed.end(host);
  testbed.own(program);
  const link = inNamespace(testbed.path(end.host), () => attachXdpHere(program, end.device, mode));
  return testbed.own(link);
}

/**
 * Attaches a program to an interface of the calling thread's namespace. The caller closes both, link and program.
 *
 * @throws SysError as `attachXdp` does.
 */
export function attachXdpHere(program: XdpProgram, device: string, mode: XdpMode = "native"): BpfLink {
  try {
    return attachXdpLink(program.program.fd, interfaceIndex(device), mode);
  } catch (error) {
    throw explain(error, program.name, device, mode);
  }
}

// What the usual refusals mean here; the kernel gives a number only.
const CAUSES: Readonly<Record<string, string>> = {
  EBUSY: "a program is attached there already -> close its link first",
  ERANGE: "the MTU of its peer is too large for one page -> make the wire with an MTU of 3500 or less",
  EOPNOTSUPP: "its driver runs no XDP programs -> attach in generic mode",
};

function explain(error: unknown, program: string, device: string, mode: XdpMode): unknown {
  const cause = error instanceof SysError ? CAUSES[error.code] : undefined;
  if (!(error instanceof SysError) || cause === undefined) return error;
  const what = `attach ${program} to ${device} (${mode})`;
  return new SysError(error.call, error.code, `Cannot ${what}: ${error.code}, ${cause}`);
}

/** Reads the tallies of a program that counts with `count.h`. */
export function verdictCounts({ object }: XdpProgram): Readonly<Record<XdpVerdict, Tally>> {
  const map = object.map("verdicts");
  const counts = VERDICTS.map((verdict, index) => {
    const [packets = 0, bytes = 0] = map.readCounters(index);
    return [verdict, { packets, bytes }] as const;
  });
  return Object.fromEntries(counts) as Record<XdpVerdict, Tally>;
}
