// An open RDMA device: where memory is registered and queue pairs are made. Setting up asks the kernel; moving data does not go through
// any function of the library, but through three that the device's driver left in the open device: post_send, post_recv, poll_cq.
import { NotSupportedError } from "../base/index.js";
import { rdmaHere, viewMemory } from "../sys/index.js";
import { type DataPath, dataPathOf } from "./data-path.js";
import { gidOf } from "./gid.js";
import { done, made, verbs } from "./library.js";
import { QueuePair } from "./queue-pair.js";
import { type RegisteredMemory, type RemoteRight, registerMemory } from "./region.js";

/** Every device has port 1, and soft-RoCE no other. */
const PORT = 1;
const GIDS_TRIED = 16;
const GID_BYTES = 16;

/** Names of the RDMA devices that libibverbs finds, e.g. `rxe0`; none is no error. @throws NotSupportedError without the library. */
export function rdmaDevices(): string[] {
  return withDevices((devices) => devices.map(({ name }) => name));
}

function withDevices<T>(use: (devices: readonly { name: string; address: number }[]) => T): T {
  const count = new Int32Array(1);
  const list = verbs.getDeviceList(count) as number;
  if (list === 0) return use([]); // a kernel without RDMA: there is no device
  try {
    const addresses = [...new BigUint64Array(viewMemory(list, 8 * (count[0]! + 1)))].slice(0, -1).map(Number);
    return use(addresses.map((address) => ({ address, name: verbs.getDeviceName(address) as string })));
  } finally {
    verbs.freeDeviceList(list);
  }
}

/**
 * Opens a device.
 *
 * @param name as `rdmaDevices` tells it
 * @throws NotSupportedError where there is none of that name: it says what this machine has instead, and what to do.
 */
export function openRdma(name: string): RdmaDevice {
  const context = withDevices((devices) => {
    const found = devices.find((device) => device.name === name);
    if (found) return made(verbs.openDevice(found.address), "ibv_open_device", `open RDMA device ${name}`);
    const there = devices.map((device) => device.name).join(", ");
    const { reason, next } = rdmaHere();
    throw new NotSupportedError(
      `RDMA device ${name}`,
      "a device of that name",
      there || reason,
      next || "make one: rdma link add NAME type rxe netdev INTERFACE",
    );
  });
  return new RdmaDevice(name, context);
}

/** An open device, with one protection domain: what is registered and made in it may be used together. */
export class RdmaDevice {
  readonly name: string;
  private readonly context: number;
  private readonly domain: number;
  private readonly parts: { close(): void }[] = [];
  private readonly path: DataPath;

  constructor(name: string, context: number) {
    this.name = name;
    this.context = context;
    this.path = dataPathOf(context);
    this.domain = made(verbs.allocPd(context), "ibv_alloc_pd", `make a protection domain of ${name}`);
  }

  /**
   * Registers fresh zeroed memory: the kernel pins its pages and gives it two keys, one for us and one for the other side.
   *
   * @param bytes above 0
   * @param rights what the other side may do there
   * @throws SysError where the kernel refuses, ENOMEM beyond the limit of locked memory
   */
  register(bytes: number, rights: readonly RemoteRight[] = []): RegisteredMemory {
    return this.own(registerMemory(this.domain, bytes, rights));
  }

  /** Makes a queue pair with a completion queue of its own. @param entries requests that may be on their way at once, 1 or more */
  queuePair(entries = 16): QueuePair {
    const { context, domain, path } = this;
    return this.own(new QueuePair({ context, domain, path, entries }));
  }

  /**
   * Under which number the device knows an address of its own.
   *
   * @param address e.g. `10.0.0.1`
   * @throws NotSupportedError where the device has no such address.
   */
  gidIndex(address: string): number {
    const wanted = gidOf(address).join();
    const gid = new Uint8Array(GID_BYTES);
    for (let index = 0; index < GIDS_TRIED; index++) {
      if (verbs.queryGid(this.context, PORT, index, gid) === 0 && gid.join() === wanted) return index;
    }
    throw new NotSupportedError(
      `RDMA device ${this.name} at ${address}`,
      "that address on the device's interface",
      "other addresses only",
      "give the interface that address, then try again",
    );
  }

  /** Closes what was made of it, the last first, and the device. */
  close(): void {
    for (const part of this.parts.splice(0).reverse()) part.close();
    done(verbs.deallocPd(this.domain), "ibv_dealloc_pd", `give back the protection domain of ${this.name}`);
    done(verbs.closeDevice(this.context), "ibv_close_device", `close ${this.name}`);
  }

  private own<T extends { close(): void }>(part: T): T {
    this.parts.push(part);
    return part;
  }
}
