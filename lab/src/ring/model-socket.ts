// An AF_XDP socket made of model memory: the same four rings and umem as the real one, with a model kernel
// on the other side. It runs in a browser and without root, one step at a time.
import { AddrConsumer, AddrProducer } from "./addr-ring.js";
import { DescriptorConsumer, DescriptorProducer } from "./descriptor-ring.js";
import { allocateRing, NEED_WAKEUP_FLAG } from "./memory.js";
import { ModelKernel } from "./model-kernel.js";
import type { RingSocket } from "./rings.js";
import { Umem, type UmemSpec } from "./umem.js";

/** Everything has a default: small enough to draw. */
export interface ModelSocketSpec extends Partial<UmemSpec> {
  /** Slots of each ring, a power of two. */
  ringSize?: number;
  /** Where all cursors begin, 0 to 2^32 - 1. */
  startCursor?: number;
}

/** Four rings on model memory. `kernel` is the other side: call it to make something happen. */
export class ModelSocket implements RingSocket {
  readonly umem: Umem;
  readonly fillRing: AddrProducer;
  readonly rxRing: DescriptorConsumer;
  readonly txRing: DescriptorProducer;
  readonly completionRing: AddrConsumer;
  readonly kernel: ModelKernel;

  constructor(spec: ModelSocketSpec = {}) {
    const { ringSize = 8, startCursor = 0, frameSize = 2048, frameCount = 16, headroom = 0 } = spec;
    this.umem = new Umem({ frameSize, frameCount, headroom });
    this.fillRing = new AddrProducer(allocateRing(ringSize, "addr", startCursor));
    this.rxRing = new DescriptorConsumer(allocateRing(ringSize, "descriptor", startCursor));
    this.txRing = new DescriptorProducer(allocateRing(ringSize, "descriptor", startCursor));
    this.completionRing = new AddrConsumer(allocateRing(ringSize, "addr", startCursor));
    // In copy mode Linux sends only when it is kicked (net/xdp/xsk.c, xsk_setsockopt, v6.18).
    this.txRing.memory.flags[0] = NEED_WAKEUP_FLAG;
    this.kernel = new ModelKernel(this);
  }
}
