// What "bench paths" is asked for: words of the command line to the parameters of the experiments, or one error that says what would do.
import type { SweepAxis } from "../measure/index.js";
import type { Path, PathName, Touch } from "../paths/index.js";
import { nearest } from "./nearest.js";
import { type Option, type Request, UsageError } from "./verb.js";

/** What to compare, and under which load. */
export interface PathsRequest {
  /** All that there are where empty. */
  readonly paths: readonly PathName[];
  readonly frameBytes: number | "imix";
  readonly batch: number;
  readonly touch: Touch;
  /** What to vary, in place of the comparison; null where nothing is. */
  readonly sweep: SweepAxis | null;
  /** Fixed rates in packets a second, from the lowest, in place of the comparison; null where none is asked for. */
  readonly ratesPps: readonly number[] | null;
}

const BATCH = { usual: 64, most: 512 };
const RATE = { usual: "100000,1000000", most: 20_000_000 };
const TOUCHES: Readonly<Record<string, Touch>> = { nothing: "nothing", headers: "headers", all: "bytes" };
const SWEEPS: Readonly<Record<string, SweepAxis>> = { bytes: "frameBytes", batch: "batch", touch: "touch" };
/** Lines of one figure. */
export const MOST_LINES = 7;
const SWEPT: readonly PathName[] = ["xdp-need-wakeup", "packet-mmap", "udp-recvmmsg"];

export const LOAD_OPTIONS: Readonly<Record<"bytes" | "imix" | "batch" | "touch" | "sweep" | "rate", Option>> =
  {
    bytes: {
      type: "string",
      placeholder: "n",
      help: "frame length without check sequence, 60 to 1514; 60 unless given",
    },
    imix: {
      type: "boolean",
      help: "in place of one length the Internet's mix: of 12 frames 7 of 60, 4 of 590 and 1 of 1514 bytes",
    },
    batch: {
      type: "string",
      placeholder: "n",
      help: `most packets that are handled at once, 1 to ${BATCH.most}; ${BATCH.usual} unless given`,
    },
    touch: {
      type: "string",
      placeholder: "what",
      help: "what the program reads of each packet: nothing, headers or all; headers unless given",
    },
    sweep: {
      type: "string",
      placeholder: "what",
      help: "in place of the comparison, a line for each path over bytes (64 to 1518 on the wire), batch (1 to 256) or touch",
    },
    rate: {
      type: "string",
      placeholder: "pps,...",
      help: "in place of the comparison, what comes of these rates in packets a second, where the rest is lost, and how late it comes",
    },
  };

/** @throws UsageError for a value that no path could take, and for options that contradict each other */
export function pathsRequest(request: Request, known: readonly Path[]): PathsRequest {
  const paths = namesOf(request.operands, known);
  const sweep = choice(request, "sweep", SWEEPS) ?? null;
  if (sweep !== null) checkSweep(request, sweep, paths, known);
  const ratesPps = ratesOf(request, paths, known);
  if (request.flag("imix") && request.value("bytes") !== undefined) {
    throw new UsageError(`Cannot bench --imix with --bytes: a mix has no one length -> give one of the two`);
  }
  return {
    paths: sweep !== null && paths.length === 0 ? SWEPT : paths,
    frameBytes: request.flag("imix")
      ? "imix"
      : wholeNumber(request, "bytes", { least: 60, most: 1514, usual: 60 }),
    batch: wholeNumber(request, "batch", { least: 1, ...BATCH }),
    touch: choice(request, "touch", TOUCHES) ?? "headers",
    sweep,
    ratesPps,
  };
}

function namesOf(words: readonly string[], known: readonly Path[]): PathName[] {
  const names = known.map(({ name }) => name);
  const unknown = words.find((word) => !names.some((name) => name === word));
  if (unknown === undefined) return names.filter((name) => words.includes(name));
  const meant = nearest(unknown, names);
  const next = meant === undefined ? `there are ${names.join(", ")}` : `did you mean ${meant}?`;
  throw new UsageError(`Cannot bench ${unknown}: no such path -> ${next}`);
}

function wholeNumber(
  request: Request,
  option: "bytes" | "batch",
  { least, most, usual }: { least: number; most: number; usual: number },
): number {
  const text = request.value(option);
  if (text === undefined) return usual;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const rule = option === "bytes" ? "Ethernet has" : "a batch has";
  throw new UsageError(
    `Cannot bench --${option} ${text}: ${rule} ${least} to ${most} -> try --${option} ${usual}`,
  );
}

/** Rates, each once. They set the load together with the frame's length and the batch. */
function ratesOf(request: Request, paths: readonly PathName[], known: readonly Path[]): number[] | null {
  const text = request.value("rate");
  if (text === undefined) return null;
  const given = (["sweep", "touch"] as const).find((option) => request.value(option) !== undefined);
  if (given !== undefined) {
    const why =
      given === "sweep" ? "a sweep offers all that the machine can" : "latencies need the headers read";
    throw new UsageError(`Cannot bench --rate ${text} with --${given}: ${why} -> leave out --${given}`);
  }
  const words = text.split(",");
  const wrong = words.find((word) => !/^\d+$/.test(word) || Number(word) < 1 || Number(word) > RATE.most);
  if (wrong !== undefined) {
    throw new UsageError(
      `Cannot bench --rate ${text}: "${wrong}" is no whole number of packets a second from 1 to ${RATE.most} -> try --rate ${RATE.usual}`,
    );
  }
  const without = known.find(({ name, load }) => paths.includes(name) && load === "itself");
  if (without !== undefined) {
    throw new UsageError(
      `Cannot bench --rate ${text} of ${without.name}: it makes its packets itself, as many as it can -> name paths with a wire, e.g. ${SWEPT.join(" ")}`,
    );
  }
  return [...new Set(words.map(Number))].sort((a, b) => a - b);
}

function choice<Value>(
  request: Request,
  option: "touch" | "sweep",
  values: Readonly<Record<string, Value>>,
): Value | undefined {
  const text = request.value(option);
  if (text === undefined) return undefined;
  if (Object.hasOwn(values, text)) return values[text];
  throw new UsageError(
    `Cannot bench --${option} ${text}: no such choice -> there are ${Object.keys(values).join(", ")}`,
  );
}

/** A sweep varies one thing of a few paths, each of which must have that thing. */
function checkSweep(
  request: Request,
  axis: SweepAxis,
  paths: readonly PathName[],
  known: readonly Path[],
): void {
  const word = request.value("sweep");
  const other = (["bytes", "batch", "touch"] as const).find((option) => request.value(option) !== undefined);
  const given = request.flag("imix") ? "imix" : other;
  if (given !== undefined) {
    throw new UsageError(
      `Cannot bench --sweep ${word} with --${given}: a sweep sets the load itself, one thing varied at a time -> leave out --${given}`,
    );
  }
  if (paths.length > MOST_LINES) {
    throw new UsageError(
      `Cannot bench --sweep ${word} of ${paths.length} paths: a figure has room for ${MOST_LINES} lines -> name ${MOST_LINES} at most`,
    );
  }
  const without = known.find(
    ({ name, ends, load }) =>
      paths.includes(name) && (load === "itself" || (axis !== "frameBytes" && ends === "elsewhere")),
  );
  if (without === undefined) return;
  throw new UsageError(
    `Cannot bench --sweep ${word} of ${without.name}: no program of ours takes its packets -> name paths that end in one, e.g. ${SWEPT.join(" ")}`,
  );
}
