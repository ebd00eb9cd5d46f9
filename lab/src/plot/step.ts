// A moment in a program's life: the instruction that was just carried out among all the others, what the registers hold
// now, and which bytes of the packet the program has looked at. A row of such pictures is a film.

import { type Bytecode, disassemble, type ProgramStep, packetBytesOf, Stepper } from "../bpf/index.js";
import { requireAtMost, requireCount } from "./check.js";
import { type Figure, type FigureSpec, makeFigure } from "./figure.js";
import { drawListing, listingHeight } from "./step-listing.js";
import { drawState, STATE_HEIGHT } from "./step-state.js";

/** What stepFigure draws. */
export interface StepSpec extends FigureSpec {
  /** The program, as `readBytecode` gives it; at most 200 instructions. */
  readonly bytecode: Bytecode;
  /** Copied: the program may write to it. */
  readonly packet: Uint8Array;
}

/** All that a picture of one moment shows. */
export interface Moment {
  /** The step just taken; null before the first one. */
  readonly step: ProgramStep | null;
  /** Slots of the instructions carried out so far. */
  readonly walked: ReadonlySet<number>;
  /** What each register holds, in words; absent where the program put nothing. */
  readonly registers: ReadonlyMap<number, string>;
  /** The packet as it is now. */
  readonly packet: Uint8Array;
  /** Bytes of the packet read or written so far, and by the step just taken. */
  readonly touched: ReadonlySet<number>;
  readonly touching: ReadonlySet<number>;
  /** What the program returned; null while it runs. */
  readonly returned: number | null;
}

/**
 * Draws a program after a number of steps.
 *
 * @param at steps taken, 0 before the first; beyond the program's end counts as its end
 * @throws MachineError where the program does what the verifier would not let it do
 * @throws RangeError where the program has more than 200 instructions
 */
export function stepFigure(spec: StepSpec, at: number): Figure {
  requireCount(at, `step of "${spec.title}"`);
  const moments = momentsOf(spec);
  return drawMoment(spec, moments[Math.min(at, moments.length - 1)], moments.length - 1);
}

/** Draws every moment, from before the first step to behind the last: to be shown one after the other. */
export function stepFigures(spec: StepSpec): Figure[] {
  const moments = momentsOf(spec);
  return moments.map((moment) => drawMoment(spec, moment, moments.length - 1));
}

/** Every moment of a run, the one before the first step included. */
function momentsOf({ bytecode, packet }: StepSpec): Moment[] {
  requireAtMost(bytecode.instructions.length, 200, "instructions", "draw a shorter program");
  const stepper = new Stepper(bytecode, packet);
  const start = new Map([
    [1, "context"],
    [10, "fp"],
  ]);
  const moments: Moment[] = [
    {
      step: null,
      walked: new Set(),
      registers: start,
      packet: packet.slice(),
      touched: new Set(),
      touching: new Set(),
      returned: null,
    },
  ];
  for (let step = stepper.forward(); step !== null; step = stepper.forward())
    moments.push(after(moments[moments.length - 1], step, stepper));
  return moments;
}

function after(before: Moment, step: ProgramStep, { machine }: Stepper): Moment {
  const touching = new Set(packetBytesOf(step));
  return {
    step,
    walked: new Set([...before.walked, step.slot]),
    registers: registersAfter(before.registers, step),
    packet: machine.memory.packet.bytes(),
    touched: new Set([...before.touched, ...touching]),
    touching,
    returned: machine.returned,
  };
}

function registersAfter(
  before: ReadonlyMap<number, string>,
  { written, lost }: ProgramStep,
): Map<number, string> {
  const registers = new Map(before);
  for (const register of lost) registers.delete(register);
  for (const { register, text } of written) registers.set(register, text);
  return registers;
}

function drawMoment(spec: StepSpec, moment: Moment, steps: number): Figure {
  const rows = disassemble(spec.bytecode);
  const sentence = tell(moment, steps);
  const note = [spec.note, sentence].filter(Boolean).join(" ");
  const height = Math.max(listingHeight(rows, moment), STATE_HEIGHT);
  return makeFigure(
    { ...spec, note },
    drawListing(rows, moment) + drawState(moment),
    height,
    summary(moment),
  );
}

/** The moment in a sentence. */
function tell({ step, touching, returned }: Moment, steps: number): string {
  if (step === null) return `Before the first of ${steps} steps.`;
  const bytes = [...touching];
  const where = bytes.length === 1 ? `byte ${bytes[0]}` : `bytes ${bytes[0]} to ${bytes[bytes.length - 1]}`;
  const touched = bytes.length === 0 ? "" : `, touches ${where} of the packet`;
  const branch = step.taken === null ? "" : step.taken ? ", jumps" : ", does not jump";
  const end = returned === null ? "" : `: the answer is ${returned}`;
  return `Step ${step.number + 1} of ${steps}: ${step.text}${touched}${branch}${end}.`;
}

function summary({ registers, touched }: Moment): string[] {
  const held = [...registers].sort(([a], [b]) => a - b).map(([register, text]) => `r${register} = ${text}`);
  return [
    held.join(", "),
    `bytes of the packet touched so far: ${[...touched].sort((a, b) => a - b).join(", ") || "none"}`,
  ];
}
