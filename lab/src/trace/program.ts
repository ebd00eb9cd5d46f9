// A tracing program in the kernel, with its window. Everything is loaded and attached first; the window then opens
// and closes with one store into memory that the program reads, so that no system call of ours is counted.
import {
  type BpfLink,
  type BpfLoadOptions,
  type BpfObject,
  loadKernelObject,
  type Mapping,
  mapShared,
  missedRuns,
  unmapUnderViews,
} from "../sys/index.js";

/** Events are counted in the window that is open when they happen: the experiment, or the control after it. */
export const WINDOW = { closed: 0, experiment: 1, control: 2 } as const;
export type Window = (typeof WINDOW)[keyof typeof WINDOW];

const WINDOW_BYTES = 4096;

/** One row of a table: key and value as the C program laid them out, in host order. */
export interface TableRow {
  readonly key: DataView;
  readonly value: DataView;
}

/** A loaded and attached tracing program. It counts nothing until a window opens, and is gone when the process is. */
export interface TraceProgram {
  /** What was loaded: for who needs more than rows. */
  readonly object: BpfObject;
  /** Counts from now on in this window. */
  open(window: Window): void;
  /** Every row of a table, in no order. */
  rows(table: string): TableRow[];
  /** Adds entries before the window opens. */
  put(table: string, key: Uint8Array, value: Uint8Array): void;
  /**
   * Events that were not counted, because a table was full or the function was already running on that CPU.
   *
   * @param functions which of the program's functions to ask; all unless given
   */
  uncounted(functions?: readonly string[]): number;
  /** Detaches and frees. Nothing else may be called after it; a second call does nothing. */
  close(): void;
}

/**
 * Loads `kernels/bpf/<name>.bpf.c` as compiled, and attaches its programs.
 *
 * @param name file name without `.bpf.c`
 * @param options which of its programs, and its constants
 * @throws NotSupportedError when it was not compiled.
 * @throws VerifierError or SysError when the kernel refuses it; nothing stays attached.
 */
export function startProgram(name: string, options: BpfLoadOptions = {}): TraceProgram {
  const object = loadKernelObject(name, options);
  const links: BpfLink[] = [];
  try {
    for (const program of object.programs) links.push(program.attach());
    return running(object, links);
  } catch (error) {
    for (const link of links) link.close();
    object.close();
    throw error;
  }
}

function running(object: BpfObject, links: readonly BpfLink[]): TraceProgram {
  const shared = object.maps.find((map) => map.spec.name.endsWith(".bss"))!;
  const memory: Mapping = mapShared(shared.spec.fd, WINDOW_BYTES);
  const window = new Int32Array(memory.buffer, 0, 1);
  const lost = new BigUint64Array(memory.buffer, 8, 1);
  let alive = true;
  return {
    object,
    open: (which) => void Atomics.store(window, 0, which),
    rows: (table) => rowsOf(object, table),
    put: (table, key, value) => object.map(table).update(key, value),
    uncounted: (functions) =>
      object.programs
        .filter(({ name }) => functions?.includes(name) ?? true)
        .reduce((sum, { fd }) => sum + missedRuns(fd), Number(Atomics.load(lost, 0))),
    close(): void {
      if (!alive) return;
      alive = false;
      for (const link of links) link.close();
      unmapUnderViews(memory);
      object.close();
    },
  };
}

function rowsOf(object: BpfObject, table: string): TableRow[] {
  const map = object.map(table);
  const rows: TableRow[] = [];
  for (const key of map.keys()) {
    const value = map.lookup(key);
    if (value) rows.push({ key: viewOf(key), value: viewOf(value) });
  }
  return rows;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Text that a C program left in a fixed field. @param at first byte @param length size of the field in bytes */
export function textAt(view: DataView, at: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(bytes.subarray(0, end < 0 ? length : end));
}

/** A u64 counter as a number; exact up to 2^53. */
export function countAt(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
