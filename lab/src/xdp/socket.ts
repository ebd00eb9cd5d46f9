// An AF_XDP socket: a umem and four rings, shared with the kernel. Making one takes a dozen system calls;
// receiving takes none at all, for the rings are memory. It is the same `RingSocket` as the model's.
import {
  AddrConsumer,
  AddrProducer,
  DescriptorConsumer,
  DescriptorProducer,
  type RingSocket,
  type Umem,
  type UmemSpec,
  type XskStatistics,
} from "../ring/index.js";
import { close, getSocketOption, interfaceIndex, u32Key } from "../sys/index.js";
import { decodeStatistics, encodeU32, SOL_XDP, STATISTICS_BYTES, XDP_STATISTICS } from "./xsk-abi.js";
import { type BindMode, type BindRequest, bindSocket } from "./xsk-bind.js";
import { type BusyPollSpec, SocketCalls } from "./xsk-calls.js";
import type { SocketMemory } from "./xsk-memory.js";

/** What to open. Sizes have defaults that suit a veth at full speed. */
export interface XdpSocketSpec {
  /** An interface of the calling thread's namespace. */
  interfaceName: string;
  /** Receive queue, counted from 0; packets of other queues never come here. */
  queue?: number;
  /** Slots of each ring, a power of two. */
  ringSize?: number;
  umem?: UmemSpec;
  /** `kernelChooses` by default; read `mode` for the answer. */
  bindMode?: BindRequest;
  /** Lets a driver sleep and say so in the ring's flags. On by default. */
  needWakeup?: boolean;
}

/** Anything that takes an entry like an xskmap. */
export interface SocketMap {
  update(key: Uint8Array, value: Uint8Array): void;
}

const DEFAULT_UMEM: UmemSpec = { frameSize: 2048, frameCount: 4096 };

/** A bound AF_XDP socket. Put frames into the fill ring and the socket into an xskmap, and packets come. */
export class XdpSocket implements RingSocket {
  readonly interfaceName: string;
  readonly queue: number;
  readonly fd: number;
  /** What the kernel made of the bind request. */
  readonly mode: BindMode;
  readonly umem: Umem;
  readonly fillRing: AddrProducer;
  readonly rxRing: DescriptorConsumer;
  readonly txRing: DescriptorProducer;
  readonly completionRing: AddrConsumer;
  private readonly memory: SocketMemory;
  private readonly calls: SocketCalls;
  private isOpen = true;

  /** Use `openXdpSocket`. @param fd a fresh AF_XDP socket, which is closed by the caller if this throws */
  constructor(fd: number, memory: SocketMemory, spec: XdpSocketSpec) {
    this.fd = fd;
    this.memory = memory;
    this.interfaceName = spec.interfaceName;
    this.queue = spec.queue ?? 0;
    const ifindex = interfaceIndex(spec.interfaceName);
    this.umem = memory.registerUmem(fd, spec.umem ?? DEFAULT_UMEM);
    const rings = memory.mapRings(fd, spec.ringSize ?? 2048);
    this.fillRing = new AddrProducer(rings.fill);
    this.rxRing = new DescriptorConsumer(rings.rx);
    this.txRing = new DescriptorProducer(rings.tx);
    this.completionRing = new AddrConsumer(rings.completion);
    this.calls = new SocketCalls(fd, memory, `AF_XDP socket on ${this.interfaceName} queue ${this.queue}`);
    this.mode = bindSocket(fd, {
      interfaceName: spec.interfaceName,
      ifindex,
      queue: this.queue,
      request: spec.bindMode ?? "kernelChooses",
      needWakeup: spec.needWakeup ?? true,
    });
  }

  /** Puts this socket into an xskmap under its queue, where a redirecting program looks for it. */
  attach(map: SocketMap): void {
    this.checkOpen();
    map.update(u32Key(this.queue), encodeU32(this.fd));
  }

  /**
   * Sleeps until a packet has arrived. In copy mode the kernel also sends what waits in the tx ring.
   *
   * @param timeoutMs at most 100 in a notebook kernel: the stop button works between calls
   * @returns False after the timeout.
   * @source net/xdp/xsk.c, xsk_poll, v6.18
   */
  wait(timeoutMs: number): boolean {
    this.checkOpen();
    return this.calls.poll(timeoutMs);
  }

  /**
   * Makes the kernel send from the tx ring, if it asked to be woken; else it is at it already. One call a batch.
   *
   * @returns False where the kernel stopped early (in copy mode after 32 packets, or as the completion ring is full): call again.
   */
  wakeTransmit(): boolean {
    this.checkOpen();
    return this.txRing.needsWakeup() ? this.calls.kickTransmit() : true;
  }

  /** Runs the driver's receive side in this call: when busy polling, or when the fill ring needs a wake-up. */
  wakeReceive(): boolean {
    this.checkOpen();
    return this.calls.kickReceive();
  }

  /**
   * Asks for busy polling: interrupts stay off while `wakeReceive` is called often enough.
   *
   * @throws SysError EPERM without CAP_NET_ADMIN
   * @source Documentation/networking/napi.rst, busy polling
   */
  preferBusyPoll(spec: BusyPollSpec): void {
    this.checkOpen();
    this.calls.preferBusyPoll(spec);
  }

  /** Reads the kernel's own counters of this socket. @source if_xdp.h, struct xdp_statistics */
  statistics(): XskStatistics {
    this.checkOpen();
    return readXskStatistics(this.fd);
  }

  /**
   * Closes the socket and gives its memory back. The kernel takes it out of every xskmap. Rings that somebody still
   * holds throw from now on, views read zeroes. A second call does nothing.
   */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const ring of [this.fillRing, this.rxRing, this.txRing, this.completionRing])
      ring.detach(this.closed);
    this.umem.detach();
    close(this.fd);
    this.memory.release();
  }

  private get closed(): string {
    return `Cannot use AF_XDP socket on ${this.interfaceName} queue ${this.queue}: it is closed -> open another with openXdpSocket`;
  }

  private checkOpen(): void {
    if (!this.isOpen) throw new Error(this.closed);
  }
}

/** Reads the kernel's counters of an AF_XDP socket, whoever opened it. @source if_xdp.h, struct xdp_statistics */
export function readXskStatistics(fd: number): XskStatistics {
  return decodeStatistics(
    getSocketOption(fd, SOL_XDP, XDP_STATISTICS, STATISTICS_BYTES, "AF_XDP statistics"),
  );
}
