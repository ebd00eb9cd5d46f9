// The socket calls that name the other side. Like those of `socket.ts` they are thin, and `null` stands for EAGAIN.
import { checked, errnoName, sysError } from "./errno.js";
import { holdDescriptor } from "./holdings.js";
import { lastErrno, libc } from "./library.js";
import { SOCK_CLOEXEC, SOCK_NONBLOCK } from "./socket.js";

export const MSG_PEEK = 2;
export const MSG_TRUNC = 0x20;
export const MSG_NOSIGNAL = 0x4000;
const SHUT = { read: 0, write: 1, both: 2 } as const;

const SOCKADDR_IN_BYTES = 16;

const call = {
  recvfrom: libc.declare(
    "long recvfrom(int fd, _Out_ uint8_t *bytes, size_t length, int flags, _Out_ uint8_t *addr, _Inout_ uint32_t *addrLength)",
  ),
  accept4: libc.declare("int accept4(int fd, _Out_ uint8_t *addr, _Inout_ uint32_t *length, int flags)"),
  getpeername: libc.declare("int getpeername(int fd, _Out_ uint8_t *addr, _Inout_ uint32_t *length)"),
  shutdown: libc.declare("int shutdown(int fd, int how)"),
};

/** What `receiveFrom` brought. */
export interface ReceivedFrom {
  /** With `MSG_TRUNC` the datagram's whole length, which may be more than the buffer has. */
  readonly length: number;
  /** `sockaddr_in`, empty on a stream. */
  readonly address: Uint8Array;
}

/** Receives bytes and their sender's address. @returns null if nothing waits. @source recvfrom(2) */
export function receiveFrom(fd: number, bytes: Uint8Array, flags: number): ReceivedFrom | null {
  const address = new Uint8Array(SOCKADDR_IN_BYTES);
  const addressLength = [SOCKADDR_IN_BYTES];
  const length = call.recvfrom(fd, bytes, bytes.length, flags, address, addressLength) as number;
  if (length >= 0) return { length, address: address.subarray(0, addressLength[0]) };
  return nothing("recvfrom", `receive up to ${bytes.length} bytes`);
}

/** Takes the next connection. @returns Its descriptor, which does not block, and the peer's `sockaddr_in`; null if none waits. @source accept(2) */
export function acceptFrom(fd: number): { readonly fd: number; readonly address: Uint8Array } | null {
  const address = new Uint8Array(SOCKADDR_IN_BYTES);
  const accepted = call.accept4(fd, address, [SOCKADDR_IN_BYTES], SOCK_NONBLOCK | SOCK_CLOEXEC) as number;
  if (accepted >= 0) return { fd: holdDescriptor(accepted), address };
  return nothing("accept", `accept a connection on socket ${fd}`);
}

function nothing(name: string, action: string): null {
  const number = lastErrno();
  if (errnoName(number) === "EAGAIN") return null;
  throw sysError(name, action, number);
}

/** The address of the other side. @returns 16 bytes of `sockaddr_in`. @throws SysError ENOTCONN @source getpeername(2) */
export function getPeerName(fd: number): Uint8Array {
  const address = new Uint8Array(SOCKADDR_IN_BYTES);
  checked(call.getpeername(fd, address, [SOCKADDR_IN_BYTES]), "getpeername", `name the peer of socket ${fd}`);
  return address;
}

/** Ends a side of a connection. @throws SysError ENOTCONN @source shutdown(2) */
export function shutDown(fd: number, side: keyof typeof SHUT): void {
  checked(call.shutdown(fd, SHUT[side]), "shutdown", `shut down socket ${fd}`);
}

/** Ends a listener: no connection comes any more, and whoever waits in `accept` gets EINVAL. @source shutdown(2), net/ipv4/af_inet.c inet_shutdown */
export function stopListening(fd: number): void {
  shutDown(fd, "both");
}
