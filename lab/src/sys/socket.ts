// Socket calls, thin: numbers and bytes in, numbers and bytes out, refusals thrown with their errno.
// A result of -EAGAIN is data, not an error, so the calls that can block return `null` for it.
import { checked, errnoName, sysError } from "./errno.js";
import { HOLDING, holdDescriptor, letGo } from "./holdings.js";
import { lastErrno, libc } from "./library.js";

export const AF_INET = 2;
export const AF_PACKET = 17;
export const AF_XDP = 44;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
export const IPPROTO_TCP = 6;
export const TCP_NODELAY = 1;
export const MSG_DONTWAIT = 0x40;
export const SO_REUSEADDR = 2;
export const SO_REUSEPORT = 15;

const call = {
  socket: libc.declare("int socket(int domain, int type, int protocol)"),
  close: libc.declare("int close(int fd)"),
  bind: libc.declare("int bind(int fd, const uint8_t *addr, uint32_t length)"),
  connect: libc.declare("int connect(int fd, const uint8_t *addr, uint32_t length)"),
  listen: libc.declare("int listen(int fd, int backlog)"),
  accept4: libc.declare("int accept4(int fd, uintptr_t addr, uintptr_t length, int flags)"),
  setsockopt: libc.declare(
    "int setsockopt(int fd, int level, int name, const uint8_t *value, uint32_t length)",
  ),
  getsockopt: libc.declare(
    "int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)",
  ),
  getsockname: libc.declare("int getsockname(int fd, _Out_ uint8_t *addr, _Inout_ uint32_t *length)"),
  sendto: libc.declare(
    "long sendto(int fd, const uint8_t *bytes, size_t length, int flags, const uint8_t *addr, uint32_t addrLength)",
  ),
  recv: libc.declare("long recv(int fd, _Out_ uint8_t *bytes, size_t length, int flags)"),
  ioctl: libc.declare("int ioctl(int fd, unsigned long request, _Inout_ uint8_t *argument)"),
  ifNametoindex: libc.declare("uint32_t if_nametoindex(const char *name)"),
};

/** Opens a socket. @returns The descriptor. @throws SysError, e.g. EPERM for raw sockets without CAP_NET_RAW. @source socket(2) */
export function socket(domain: number, type: number, protocol: number): number {
  const result = call.socket(domain, type | SOCK_CLOEXEC, protocol);
  return holdDescriptor(checked(result, "socket", `open socket ${domain}/${type}/${protocol}`));
}

/**
 * Closes a descriptor that one of these calls opened. Files opened by `node:fs` are closed by it: a worker thread keeps a
 * list of its own.
 *
 * @source close(2)
 */
export function close(fd: number): void {
  letGo(HOLDING.descriptor, fd);
  checked(call.close(fd), "close", `close descriptor ${fd}`);
}

/** Binds to a raw `sockaddr`. @param what the address in words, for the error. @source bind(2) */
export function bind(fd: number, address: Uint8Array, what: string): void {
  checked(call.bind(fd, address, address.length), "bind", `bind ${what}`);
}

/** The address a socket is bound to, e.g. with the port that the kernel chose. @returns 16 bytes of `sockaddr_in`. @source getsockname(2) */
export function getSocketName(fd: number): Uint8Array {
  const address = new Uint8Array(16);
  checked(
    call.getsockname(fd, address, [address.length]),
    "getsockname",
    `ask for the address of socket ${fd}`,
  );
  return address;
}

/** Connects to a raw `sockaddr`. @source connect(2) */
export function connect(fd: number, address: Uint8Array, what: string): void {
  checked(call.connect(fd, address, address.length), "connect", `connect ${what}`);
}

/** Lets connections come. @param backlog how many may wait for `accept` @source listen(2) */
export function listen(fd: number, backlog: number): void {
  checked(call.listen(fd, backlog), "listen", `listen on socket ${fd}`);
}

/** Takes the next connection that waits. @returns Its descriptor. @source accept(2) */
export function accept(fd: number): number {
  const result = call.accept4(fd, 0, 0, SOCK_CLOEXEC);
  return holdDescriptor(checked(result, "accept4", `accept a connection on socket ${fd}`));
}

/** Sets a socket option from its bytes in host order. @source setsockopt(2) */
export function setSocketOption(
  fd: number,
  level: number,
  name: number,
  value: Uint8Array,
  what: string,
): void {
  checked(call.setsockopt(fd, level, name, value, value.length), "setsockopt", `set ${what}`);
}

/** Reads a socket option. @returns As many bytes as the kernel wrote. @source getsockopt(2) */
export function getSocketOption(
  fd: number,
  level: number,
  name: number,
  maxBytes: number,
  what: string,
): Uint8Array {
  const value = new Uint8Array(maxBytes);
  const length = [maxBytes];
  checked(call.getsockopt(fd, level, name, value, length), "getsockopt", `read ${what}`);
  return value.subarray(0, length[0]);
}

/** Turns a would-block result into `null` and throws every other failure. */
function orWouldBlock(result: number, name: string, action: string): number | null {
  if (result >= 0) return result;
  const number = lastErrno();
  if (errnoName(number) === "EAGAIN") return null;
  throw sysError(name, action, number);
}

/** Sends bytes. @returns Bytes taken, or `null` if the call would block. @source sendto(2) */
export function send(
  fd: number,
  bytes: Uint8Array,
  address: Uint8Array | null = null,
  flags = 0,
): number | null {
  const sent = call.sendto(fd, bytes, bytes.length, flags, address, address?.length ?? 0);
  return orWouldBlock(sent, "sendto", `send ${bytes.length} bytes`);
}

/** Receives into `bytes`. @returns Bytes received, or `null` if nothing waits. @source recv(2) */
export function receive(fd: number, bytes: Uint8Array, flags = 0): number | null {
  return orWouldBlock(
    call.recv(fd, bytes, bytes.length, flags),
    "recv",
    `receive up to ${bytes.length} bytes`,
  );
}

/** Device control; `argument` is read and written. @source ioctl(2) */
export function ioctl(fd: number, request: number, argument: Uint8Array, what: string): number {
  return checked(call.ioctl(fd, request, argument), "ioctl", what);
}

/** The index of an interface of the calling thread's namespace. @throws SysError ENODEV where there is none. @source if_nametoindex(3) */
export function interfaceIndex(name: string): number {
  const index = call.ifNametoindex(name) as number;
  if (index === 0) throw sysError("if_nametoindex", `find interface ${name}`);
  return index;
}

/** An IPv4 socket address. @param address dotted quad @param port host order, 0 to 65535 @returns 16 bytes of `sockaddr_in`. */
export function ipv4SocketAddress(address: string, port: number): Uint8Array {
  const octets = address.split(".").map(Number);
  if (octets.length !== 4 || octets.some((o) => !(Number.isInteger(o) && o >= 0 && o <= 255))) {
    throw new RangeError(
      `Cannot make a socket address of ${address}: not four numbers from 0 to 255 -> try 127.0.0.1`,
    );
  }
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, AF_INET, true);
  view.setUint16(2, port, false);
  bytes.set(octets, 4);
  return bytes;
}
