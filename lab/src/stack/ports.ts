// Port numbers: which are free, and which one to take when the program does not care.
import { SysError } from "../base/index.js";

/** Ports that are handed out: the dynamic range. @source RFC 6335 section 6 */
const FIRST = 49_152;
const COUNT = 65_536 - FIRST;

/**
 * Finds a free port, from a random one on, so that nobody can guess the next.
 *
 * @param isTaken says whether a port is in use
 * @throws SysError EADDRNOTAVAIL where all are
 * @source RFC 6056 section 3.3.1
 */
export function freePort(random: () => number, isTaken: (port: number) => boolean): number {
  const offset = Math.floor(random() * COUNT);
  for (let step = 0; step < COUNT; step++) {
    const port = FIRST + ((offset + step) % COUNT);
    if (!isTaken(port)) return port;
  }
  throw new SysError(
    "bind",
    "EADDRNOTAVAIL",
    `Cannot find a free port: EADDRNOTAVAIL; all of ${FIRST} to 65535 are in use -> close some connections, or wait for their TIME-WAIT to end`,
  );
}

/** Somebody has that port. */
export function portTaken(protocol: "TCP" | "UDP", port: number): SysError {
  return new SysError(
    "bind",
    "EADDRINUSE",
    `Cannot take ${protocol} port ${port}: EADDRINUSE; another endpoint has it -> close that one, or take port 0`,
  );
}
