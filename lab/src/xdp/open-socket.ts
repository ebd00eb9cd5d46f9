// Opening an AF_XDP socket, here or on a host's end of its wire: what is open or mapped when the kernel refuses is given back.
import { NotSupportedError, SysError } from "../base/index.js";
import type { Testbed } from "../net/index.js";
import { AF_XDP, close, inNamespace, SOCK_RAW, socket } from "../sys/index.js";
import { XdpSocket, type XdpSocketSpec } from "./socket.js";
import { SocketMemory } from "./xsk-memory.js";

/**
 * Opens an AF_XDP socket on one queue of an interface of the calling thread's namespace.
 *
 * @throws NotSupportedError where this kernel has no AF_XDP, or the driver no zero-copy that was demanded
 * @throws SysError where the kernel refuses; nothing stays open or mapped
 */
export function openXdpSocket(spec: XdpSocketSpec): XdpSocket {
  const fd = openDescriptor();
  const memory = new SocketMemory();
  try {
    return new XdpSocket(fd, memory, spec);
  } catch (error) {
    close(fd);
    memory.release();
    throw error;
  }
}

/**
 * Opens an AF_XDP socket on a host's end of its wire.
 *
 * @throws NotSupportedError and SysError as `openXdpSocket` does
 */
export function openXdpSocketOn(
  testbed: Pick<Testbed, "end" | "path">,
  host: string,
  spec: Omit<XdpSocketSpec, "interfaceName"> = {},
): XdpSocket {
  const interfaceName = testbed.end(host).device;
  return inNamespace(testbed.path(host), () => openXdpSocket({ ...spec, interfaceName }));
}

function openDescriptor(): number {
  try {
    return socket(AF_XDP, SOCK_RAW, 0);
  } catch (error) {
    if (!(error instanceof SysError) || error.code !== "EAFNOSUPPORT") throw error;
    throw new NotSupportedError(
      "AF_XDP",
      "a kernel built with CONFIG_XDP_SOCKETS",
      "EAFNOSUPPORT",
      "use the VM, or the recorded run",
    );
  }
}
