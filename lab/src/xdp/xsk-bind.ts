// Binding is where the kernel may say no: the queue may be taken or missing, or the driver may not do
// zero-copy. What it says is an errno; here it becomes a cause and a next step.
import { NotSupportedError, SysError } from "../base/index.js";
import { bind, getSocketOption } from "../sys/index.js";
import {
  encodeAddress,
  SOL_XDP,
  XDP_COPY,
  XDP_OPTIONS,
  XDP_OPTIONS_ZEROCOPY,
  XDP_USE_NEED_WAKEUP,
  XDP_ZEROCOPY,
} from "./xsk-abi.js";

/** Whether the kernel copies each packet into the umem, or the NIC writes it there. */
export type BindMode = "copyMode" | "zeroCopyMode";

/** `kernelChooses` takes zero-copy where the driver has it, and copies where not. */
export type BindRequest = BindMode | "kernelChooses";

/** What to bind to. */
export interface BindTarget {
  interfaceName: string;
  ifindex: number;
  queue: number;
  request: BindRequest;
  needWakeup: boolean;
}

const REQUEST_FLAGS: Record<BindRequest, number> = {
  copyMode: XDP_COPY,
  zeroCopyMode: XDP_ZEROCOPY,
  kernelChooses: 0,
};

/** The kernel frees a queue a moment after its socket was closed; this long a bind is tried again. */
const RELEASE_DEADLINE_MS = 500;
const RETRY_MS = 2;

/**
 * Binds a socket whose umem and rings are ready.
 *
 * @returns The mode that the kernel chose, read back from it.
 * @throws SysError EBUSY where another socket holds the queue, EINVAL where there is no such queue, ENETDOWN
 * @throws NotSupportedError where zero-copy was demanded and the driver has none
 */
export function bindSocket(fd: number, target: BindTarget): BindMode {
  const flags = REQUEST_FLAGS[target.request] | (target.needWakeup ? XDP_USE_NEED_WAKEUP : 0);
  const address = encodeAddress(target.ifindex, target.queue, flags);
  const deadline = performance.now() + RELEASE_DEADLINE_MS;
  for (;;) {
    try {
      bind(fd, address, describe(target));
      return readMode(fd);
    } catch (error) {
      const isBusy = error instanceof SysError && error.code === "EBUSY";
      if (!isBusy || performance.now() > deadline) throw refusal(error, target);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

/** What the kernel made of the request. */
function readMode(fd: number): BindMode {
  const options = getSocketOption(fd, SOL_XDP, XDP_OPTIONS, 4, "AF_XDP options");
  return (options[0] & XDP_OPTIONS_ZEROCOPY) !== 0 ? "zeroCopyMode" : "copyMode";
}

function describe({ interfaceName, queue }: BindTarget): string {
  return `AF_XDP socket to ${interfaceName} queue ${queue}`;
}

function refusal(error: unknown, target: BindTarget): unknown {
  if (!(error instanceof SysError)) return error;
  const { interfaceName, queue, request } = target;
  if (request === "zeroCopyMode" && (error.code === "EOPNOTSUPP" || error.code === "ENOTSUP")) {
    return new NotSupportedError(
      `zero-copy AF_XDP on ${interfaceName}`,
      "a driver that gives its hardware our frames",
      `${error.code} from bind`,
      'ask for "kernelChooses": it copies where it must',
    );
  }
  const cause: Record<string, string> = {
    EBUSY: "another socket holds this queue -> close that socket, or run `npx ringside reset`, and try again",
    EINVAL: `the interface has no queue ${queue} -> ethtool -l ${interfaceName} shows its queues; they count from 0`,
    ENODEV: "the interface has gone -> check that its namespace still exists",
    ENETDOWN: `the interface is down -> ip link set ${interfaceName} up`,
  };
  const text = cause[error.code];
  if (text === undefined) return error;
  return new SysError(error.call, error.code, `Cannot bind ${describe(target)}: ${error.code}; ${text}`);
}
