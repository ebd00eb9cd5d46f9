// Two namespaces with a veth between them, for tests of sockets: `near` injects, `far` receives.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import {
  attachXdpLink,
  type BpfLink,
  type BpfObject,
  inNamespace,
  interfaceIndex,
  loadBpfObject,
  pinThread,
  TestRun,
} from "ringside/sys";
import {
  type CounterMap,
  openXdpSocket,
  type SocketMap,
  type XdpSocket,
  type XdpSocketSpec,
} from "ringside/xdp";

const ip = (...args: string[]) => execFileSync("ip", args, { stdio: ["ignore", "pipe", "pipe"] });

export class VethPair {
  readonly nearName = `xsk-${process.pid}-near`;
  readonly farName = `xsk-${process.pid}-far`;
  private readonly undo: (() => void)[] = [];
  private readonly onExit = () => this.close();

  /** @param queues receive queues of both ends */
  constructor(queues = 2) {
    process.once("exit", this.onExit);
    for (const name of [this.nearName, this.farName]) {
      ip("netns", "add", name);
      this.undo.push(() => ip("netns", "del", name));
    }
    const count = String(queues);
    const wide = ["numrxqueues", count, "numtxqueues", count];
    const far = ["peer", "name", "far", "netns", this.farName, ...wide];
    ip("link", "add", "near", "netns", this.nearName, ...wide, "type", "veth", ...far);
    // Without an IPv6 address of its own an interface sends nothing unasked.
    ip("-n", this.nearName, "link", "set", "near", "addrgenmode", "none", "up");
    ip("-n", this.farName, "link", "set", "far", "addrgenmode", "none", "up");
  }

  inNear<T>(run: () => T): T {
    return inNamespace(`/run/netns/${this.nearName}`, run);
  }

  inFar<T>(run: () => T): T {
    return inNamespace(`/run/netns/${this.farName}`, run);
  }

  /** Attaches a program of kernels/bpf in native mode. */
  attach(program: string, end: "near" | "far"): BpfObject {
    const object = loadObject(program);
    const enter = end === "near" ? this.inNear.bind(this) : this.inFar.bind(this);
    const link: BpfLink = enter(() => attachXdpLink(object.programs[0].fd, interfaceIndex(end), "native"));
    this.undo.push(() => {
      link.close();
      object.close();
    });
    return object;
  }

  open(spec: Partial<XdpSocketSpec> = {}): XdpSocket {
    const socket = this.inFar(() => openXdpSocket({ interfaceName: "far", ringSize: 256, ...spec }));
    this.undo.push(() => socket.close());
    return socket;
  }

  /**
   * Sends live frames out of `near`; they come in at `far` on queue `cpu % queues`.
   * The call returns when the far end's softirq has had them, or will have at once.
   */
  inject(packet: Uint8Array, frames: number, cpu = 0): void {
    this.inNear(() => {
      const target = new Uint8Array(new Uint32Array([interfaceIndex("near")]).buffer);
      const object = loadObject("inject", { ".rodata": target });
      const run = new TestRun(object.programs[0].fd, packet);
      pinThread([cpu]);
      run.sendLive(frames, 64, interfaceIndex("near"));
      run.close();
      object.close();
    });
  }

  close(): void {
    process.off("exit", this.onExit);
    for (const step of this.undo.splice(0).reverse()) step();
  }
}

export function xskMaps(redirect: BpfObject): { xsks: SocketMap; queues: CounterMap } {
  return { xsks: redirect.map("xsks"), queues: redirect.map("queues") };
}

function loadObject(name: string, initialValues: Record<string, Uint8Array> = {}): BpfObject {
  const elf = readFileSync(new URL(`../../kernels/build/bpf/${name}.bpf.o`, import.meta.url));
  return loadBpfObject(elf, name, { initialValues });
}

/** Waits for a condition; it looks again as fast as it can, for at most a second or so. */
export function until(what: string, condition: () => boolean, deadlineMs = 2000): void {
  const end = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms for ${what}`);
  }
}
