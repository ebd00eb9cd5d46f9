import { SysError } from "../base/index.js";
import { errnoNumbers, lastErrno, libc } from "./library.js";

const strerror = libc.declare("const char *strerror(int)");
// Some numbers have two names; keep the one that the man pages lead with.
const SECOND_NAMES = new Set(["EWOULDBLOCK", "ENOTSUP", "EDEADLOCK"]);
const names: ReadonlyMap<number, string> = new Map(
  Object.entries(errnoNumbers)
    .filter(([name]) => !SECOND_NAMES.has(name))
    .map(([name, number]) => [number, name]),
);

/** Numbers that loops look for in the answer of a prepared call, where a name would have to be looked up first. */
export const EINTR: number = errnoNumbers.EINTR!;
export const EAGAIN: number = errnoNumbers.EAGAIN!;
export const EBUSY: number = errnoNumbers.EBUSY!;
export const ENOBUFS: number = errnoNumbers.ENOBUFS!;

/** The name of an errno number: `errnoName(16)` is `EBUSY`. Unknown numbers read `errno 999`. */
export function errnoName(number: number): string {
  return names.get(Math.abs(number)) ?? `errno ${Math.abs(number)}`;
}

/** What the C library says of an errno number: `Device or resource busy`. */
export function errnoText(number: number): string {
  return strerror(Math.abs(number)) as string;
}

// What to do next, for refusals that have one likely cause in this lab.
const remedies: Readonly<Record<string, string>> = {
  EPERM: "run as root (sudo), or ask `npx ringside doctor` which capability is missing",
  EACCES: "run as root (sudo), or ask `npx ringside doctor` which capability is missing",
  EBUSY: "run `npx ringside reset` and try again",
  ENODEV: "check that the interface still exists in this namespace",
  ENXIO: "check that the interface still exists in this namespace",
  ENETUNREACH: "check that the interface still exists in this namespace, is up and has its address",
  ENETDOWN: "check that the interface still exists in this namespace, and is up",
  ENOMEM: "free some memory, or ask for smaller rings",
  EADDRINUSE: "choose another port, or stop what uses this one",
};

/**
 * Builds the error for a failed call.
 *
 * @param call the call's name as its man page has it
 * @param action what was tried, in words, e.g. `bind AF_XDP socket to veth-a queue 0`
 * @param number errno; the thread's own by default
 */
export function sysError(call: string, action: string, number: number = lastErrno()): SysError {
  const code = errnoName(number);
  const next = remedies[code] ?? `see man page ${call} for ${code}`;
  return new SysError(call, code, `Cannot ${action}: ${call} says ${code} (${errnoText(number)}) -> ${next}`);
}

/**
 * Passes a result through, or throws what errno says of a negative one.
 *
 * @throws SysError with the call, the errno name and the action in words.
 */
export function checked(result: number, call: string, action: string): number {
  if (result < 0) throw sysError(call, action, lastErrno());
  return result;
}
