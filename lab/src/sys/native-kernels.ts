// A koffi call costs about 22 ns, so a loop that times one empty system call has to be C. These are the loops of
// kernels/native: each runs a whole batch in one call and says how long it took, and a notebook can show its source.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NotSupportedError } from "../base/index.js";
import { sysError } from "./errno.js";
import { lastErrno, type NativeFunction, nativeLibrary } from "./library.js";

// What each kernel takes beside `iterations`; every argument is a u64.
const ARGUMENTS = {
  functionCall: [],
  vdsoClock: [],
  forcedClock: [],
  syscallGetppid: [],
  atomicAdd: [],
  spinlockPair: [],
  spinlockContended: ["here", "there"],
  lineTransfer: ["here", "there"],
  neighbourCounters: ["here", "there", "distance"],
  pipePingPong: ["here", "there"],
  eventfdPingPong: ["here", "there"],
  futexPingPong: ["here", "there"],
  sharedWire: ["in", "out", "partner_in", "partner_out", "here", "there"],
  queueMutex: ["here", "there"],
  queueSpinlock: ["here", "there"],
  queueSpsc: ["here", "there", "batch"],
  memoryCopy: ["bytes"],
  copyFromFar: ["address", "region", "bytes"],
  writeNull: ["bytes"],
  pipeCopy: ["bytes"],
  sendMessage: ["calls", "datagrams"],
  linkPointerRing: ["address", "bytes"],
  pointerChase: ["address"],
  pollutionProbe: ["address", "lines", "calls"],
  preadFile: ["fd", "bytes"],
  uringRead: ["address", "batch"],
  userWork: ["ring", "lines", "reads", "fd", "bytes", "uring"],
  udpSend: ["fd", "bytes"],
  tcpStream: ["from", "to"],
  xskReceive: ["address"],
  xskTransmit: ["address"],
  socketRecvmsg: ["fd", "messages", "batch", "wait_ms", "sink"],
  udpRecvmmsg: ["fd", "messages", "batch", "wait_ms", "sink"],
  udpEpoll: ["fd", "messages", "wait_ms", "sink"],
  uringMultishot: ["address", "batch", "wait_ms", "sink"],
  uringSqpoll: ["address", "batch", "wait_ms", "sink"],
  packetMmap: ["address", "batch", "wait_ms", "sink"],
  xskPoll: ["address", "batch", "wait_ms", "sink"],
  xskNeedWakeup: ["address", "batch", "wait_ms", "sink"],
  xskBusyPoll: ["address", "batch", "sink"],
  xskForward: ["address", "batch", "wait_ms", "sink"],
  netmapPort: ["address", "batch", "wait_ms", "sink"],
  netmapForward: ["address", "batch", "wait_ms", "sink"],
  socketSendmsg: ["fd", "message", "number_at", "first", "count", "sent"],
  udpSendmmsg: ["fd", "messages", "first", "count", "sent"],
  uringSend: ["address", "first", "count", "sent"],
  packetMmapSend: ["address", "first", "count", "sent"],
  xskSend: ["address", "first", "count", "sent"],
  netmapTransmit: ["address", "frame_bytes", "first", "count", "sent"],
  xdpInject: ["program_fd", "frame", "frame_bytes", "frames", "batch"],
  pollGaps: ["address", "buckets"],
  acceptOneByOne: ["address"],
  acceptEpoll: ["address"],
  acceptUring: ["address"],
  connectLoad: ["address"],
} as const;

/** Names of the measurement kernels: `syscallGetppid` is `lab_syscall_getppid` in kernels/native/syscall_getppid.c. */
export type KernelName = keyof typeof ARGUMENTS;

/**
 * A measurement kernel. Does its work `iterations` times; a batch of a few milliseconds drowns the cost of the call.
 *
 * @param iterations 1 or more
 * @param parameters what its C source takes beside, in that order
 * @returns Nanoseconds for the whole batch by CLOCK_MONOTONIC_RAW, at least 1.
 * @throws SysError when the kernel could not do its work.
 */
export type NativeKernel = (iterations: number, ...parameters: number[]) => number;

/** The measurement kernels of kernels/native, each loaded at its first call. */
export const kernels: Readonly<Record<KernelName, NativeKernel>> = Object.fromEntries(
  Object.keys(ARGUMENTS).map((name) => [name, nativeKernel(name as KernelName)]),
) as Record<KernelName, NativeKernel>;

/** Whether kernels/native was compiled on this machine. */
export function areKernelsBuilt(): boolean {
  const folder = path("../build/native");
  return existsSync(folder) && readdirSync(folder).some((file) => file.endsWith(".so"));
}

/** The C source of a kernel, as it was compiled: for a notebook to show. */
export function kernelSource(name: KernelName): string {
  return readFileSync(path(`${snakeCase(name)}.c`), "utf8");
}

function nativeKernel(name: KernelName): NativeKernel {
  let call: NativeFunction | undefined;
  return (iterations, ...parameters) => {
    call ??= load(name);
    const expected = ARGUMENTS[name].length;
    if (!(iterations >= 1) || parameters.length !== expected) {
      throw new RangeError(
        `Cannot run kernel ${name} ${iterations} times with ${parameters.length} further arguments: it takes 1 or more iterations and [${ARGUMENTS[name].join(", ")}] -> see kernelSource("${name}")`,
      );
    }
    const elapsedNs = Number(call(Math.round(iterations), ...parameters));
    if (elapsedNs === 0) throw sysError(snakeCase(name), `run kernel ${name}`, lastErrno());
    return elapsedNs;
  };
}

function load(name: KernelName): NativeFunction {
  const snake = snakeCase(name);
  const library = path(`../build/native/${snake}.so`);
  const missing = !existsSync(library);
  if (missing || statSync(library).mtimeMs < statSync(path(`${snake}.c`)).mtimeMs) {
    throw new NotSupportedError(
      `kernel ${name}`,
      `${snake}.c of kernels/native compiled`,
      missing ? "no compiled file" : "one that is older than its source",
      "run `sh vm/build.sh`; it names clang if that is what is missing",
    );
  }
  const parameters = ["iterations", ...ARGUMENTS[name]].map((parameter) => `uint64_t ${parameter}`);
  return nativeLibrary(library, "run `sh vm/build.sh`").resolve(
    `uint64_t lab_${snake}(${parameters.join(", ")})`,
  );
}

/** A file of kernels/native, from lab/dist/sys. */
function path(file: string): string {
  return fileURLToPath(new URL(`../../../kernels/native/${file}`, import.meta.url));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
