// The door to lwIP, as kernels/lwip/lwip_host.c drives it: another stack over the same AF_XDP rings, to measure ours against.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { NotSupportedError } from "../base/index.js";
import { sysError } from "./errno.js";
import { type NativeFunction, nativeLibrary } from "./library.js";

const PATH = fileURLToPath(new URL("../../../kernels/build/lwip/lwip_host.so", import.meta.url));

/** Calls of lwIP's only host in this process. Addresses are the four bytes of a packet, read as a number of this machine. */
export interface LwipCalls {
  /** @param xsk where `struct lab_xsk` lies @returns an errno, 0 for none */
  open(xsk: number, mac: Uint8Array, address: number, mask: number, mtu: number): number;
  /** Takes frames in, runs timers, sends. @returns How many frames came in. */
  poll(): number;
  /** Begins lwIP's one connection that it opens itself. @returns an errno, 0 for none */
  connect(address: number, port: number): number;
  /** @returns 1 once its handshake is done, 0 before and after. */
  isConnected(): number;
  /** @returns How many bytes the send buffer had room for. */
  write(bytes: Uint8Array, length: number): number;
  /** Listens, and echoes whatever comes on every connection. @returns an errno, 0 for none */
  echo(port: number, backlog: number): number;
}

/** Loads lwIP. @throws NotSupportedError where it is not installed */
export function loadLwip(): LwipCalls {
  if (!existsSync(PATH)) {
    throw new NotSupportedError(
      "lwIP",
      "kernels/lwip compiled against liblwip-dev",
      "no compiled file",
      "run `sh vm/provision.sh bench` as root and then `sh vm/build.sh`",
    );
  }
  const resolve = (prototype: string): NativeFunction =>
    nativeLibrary(PATH, "run `sh vm/provision.sh bench` as root").resolve(prototype);
  return {
    open: resolve(
      "int lab_lwip_open(uint64_t xsk, const uint8_t *mac, uint32_t address, uint32_t mask, uint16_t mtu)",
    ),
    poll: resolve("uint32_t lab_lwip_poll()"),
    connect: resolve("int lab_lwip_connect(uint32_t address, uint16_t port)"),
    isConnected: resolve("int lab_lwip_is_connected()"),
    write: resolve("uint64_t lab_lwip_write(const uint8_t *bytes, uint64_t length)"),
    echo: resolve("int lab_lwip_echo(uint16_t port, uint8_t backlog)"),
  };
}

/** Throws what a call of lwIP said. */
export function checkLwip(errno: number, action: string): void {
  if (errno !== 0) throw sysError("lwIP", action, errno);
}
