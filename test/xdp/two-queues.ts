// Two hosts whose wire has two queues, for tests of sockets: `a` injects, `b` receives.
import { Injector, Testbed, twoHosts } from "ringside/net";
import { allowedCpus, pinThread } from "ringside/sys";
import {
  attachXdp,
  type CounterMap,
  loadXdp,
  openXdpSocketOn,
  type SocketMap,
  type XdpProgram,
  type XdpSocket,
  type XdpSocketSpec,
} from "ringside/xdp";

const cpus = allowedCpus();

export class TwoQueues {
  readonly testbed: Testbed = Testbed.create(twoHosts({ queues: 2 }));
  private readonly undo: (() => void)[] = [() => this.testbed.close(), () => pinThread(cpus)];

  /** Attaches a program of kernels/bpf to a host's end. */
  attach(name: string, host: "a" | "b"): XdpProgram {
    const program = loadXdp(name);
    const link = attachXdp(this.testbed, host, program);
    this.undo.push(() => {
      link.close();
      program.close();
    });
    return program;
  }

  /** Attaches the program that redirects to sockets, and gives its two maps. */
  redirect(): { xsks: SocketMap; queues: CounterMap } {
    const { object } = this.attach("xsk_redirect", "b");
    return { xsks: object.map("xsks"), queues: object.map("queues") };
  }

  open(spec: Partial<XdpSocketSpec> = {}): XdpSocket {
    const socket = openXdpSocketOn(this.testbed, "b", { ringSize: 256, ...spec });
    this.undo.push(() => socket.close());
    return socket;
  }

  /** Injects frames that come in at `b` on queue `cpu % 2`. */
  async inject(frame: Uint8Array, frames: number, cpu = 0): Promise<void> {
    const injector = new Injector(this.testbed, "a", frame);
    try {
      pinThread([cpu]);
      await injector.inject(frames);
    } finally {
      injector.close();
    }
  }

  close(): void {
    for (const step of this.undo.splice(0).reverse()) step();
  }
}

/** Waits for a condition, looking as often as it can. */
export function until(what: string, condition: () => boolean, deadlineMs = 2000): void {
  const end = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms for ${what}`);
  }
}
