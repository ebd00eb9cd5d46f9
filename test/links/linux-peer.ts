// Linux's sockets in host a and our stack in host b's place, both driven by one thread: so a test decides who goes first.
import { type LiveStack, type LiveStackSpec, openLiveStack, PacketLink } from "ringside/links";
import { buildFrame } from "ringside/packet";
import { type Accepted, KernelSockets, type SocketDescriptor } from "ringside/sockets";
import type { Connection, ConnectionState, Listener } from "ringside/stack";
import { inNamespace } from "ringside/sys";
import { onTestFinished } from "vitest";

export const LINUX = { address: "10.0.0.1", number: 0x0a000001 };
export const OURS = { address: "10.0.0.2", number: 0x0a000002 };
const LIMIT_MS = 20_000;

/** A number as a message of 4 bytes, and back. */
export const toBytes = (number: number): Uint8Array => new Uint8Array(Uint32Array.of(number).buffer);
export const numberIn = (bytes: Uint8Array): number => new Uint32Array(bytes.slice().buffer)[0]!;

type TcpSpec = NonNullable<Parameters<typeof buildFrame>[0]["tcp"]>;

/** A wire, both its ends, and what a test does to them. */
export class LinuxPeer {
  readonly live: LiveStack;
  readonly linux = new KernelSockets();

  constructor(spec: LiveStackSpec = {}) {
    this.live = openLiveStack(spec);
    onTestFinished(() => this.live.close());
  }

  get stack(): LiveStack["stack"] {
    return this.live.stack;
  }

  /** Polls our stack until a condition holds. */
  until(condition: () => boolean, story: () => string): void {
    const endMs = performance.now() + LIMIT_MS;
    while (!condition()) {
      if (performance.now() > endMs) throw new Error(`not in ${LIMIT_MS} ms: ${story()}`);
      this.stack.poll();
    }
  }

  /** A socket of Linux's, bound to host a's address. */
  socket(port = 0): SocketDescriptor {
    const { linux } = this;
    const fd = inNamespace(this.live.testbed.path("a"), () => linux.socket("stream"));
    linux.setsockopt(fd, "reuseAddress", 1);
    linux.bind(fd, { address: LINUX.address, port });
    return fd;
  }

  /** Linux connects to a listener of ours. */
  connect(listener: Listener): { fd: SocketDescriptor; ours: Connection } {
    const fd = this.socket();
    this.linux.connect(fd, { address: OURS.address, port: listener.local.port });
    this.until(
      () => listener.acceptable > 0,
      () => `${listener}`,
    );
    return { fd, ours: listener.accept()! };
  }

  /** A listener of Linux's hands out a connection. */
  accept(listener: SocketDescriptor): Accepted {
    let accepted: Accepted | null = null;
    this.until(
      () => {
        accepted = this.linux.accept(listener);
        return accepted !== null;
      },
      () => "Linux has nobody to accept",
    );
    return accepted!;
  }

  /** Waits until a connection of ours is in a state. */
  reach(ours: Connection, state: ConnectionState): void {
    this.until(
      () => ours.state === state,
      () => `${ours} did not come to ${state}`,
    );
  }

  /** Waits until so many bytes have come to a socket of Linux's. */
  hear(fd: SocketDescriptor, length: number): Uint8Array {
    const into = new Uint8Array(length);
    let got = 0;
    this.until(
      () => {
        got += this.linux.recvmsg(fd, into.subarray(got))?.length ?? 0;
        return got === length;
      },
      () => `Linux heard ${got} of ${length} bytes`,
    );
    return into;
  }

  /** Waits until a socket of Linux's reads the stream's end. */
  hearEnd(fd: SocketDescriptor): void {
    const into = new Uint8Array(1);
    this.until(
      () => this.linux.recvmsg(fd, into)?.length === 0,
      () => "Linux did not hear the end",
    );
  }

  /** Waits until so many bytes have come to a connection of ours. */
  read(ours: Connection, length: number): Uint8Array {
    const into = new Uint8Array(length);
    let got = 0;
    this.until(
      () => {
        got += ours.read(into, got);
        return got === length;
      },
      () => `${ours} read ${got} of ${length} bytes`,
    );
    return into;
  }

  /** Sends TCP segments that no socket of Linux's knows of, as fast as the wire takes them. @param spec of the n-th */
  forge(count: number, spec: (index: number) => { source: string; tcp: TcpSpec }): void {
    const { testbed } = this.live;
    const { mac, device } = testbed.end("a");
    const link = inNamespace(
      testbed.path("a"),
      () => new PacketLink({ interfaceName: device, mac, mtu: 1500 }),
    );
    const { counters } = this.stack;
    const before = counters.framesIn;
    try {
      for (let index = 0; index < count; index++) {
        const { source, tcp } = spec(index);
        const frame = buildFrame({
          ethernet: { source: mac, destination: testbed.end("b").mac },
          ipv4: { source, destination: OURS.address },
          tcp,
        });
        const start = link.reserve(frame.length);
        if (start < 0) throw new Error(`no room for segment ${index}`);
        link.bytes.set(frame, start);
        link.submit(start, frame.length);
        if (index % 32 !== 31 && index !== count - 1) continue;
        link.flush();
        this.until(
          () => counters.framesIn - before > index,
          () => `segment ${index} did not arrive`,
        );
      }
    } finally {
      link.close();
    }
  }
}
