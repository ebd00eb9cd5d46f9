// The measurement kernels of kernels/native as variants that can take turns.
import { type KernelName, kernels, type Mapping, mapAnonymous } from "../sys/index.js";
import type { Variant } from "./interleave.js";

/** A kernel as a variant. @param name what a reader sees @param parameters what its C source takes beside `iterations` */
export function kernelVariant(kernel: KernelName, name: string, ...parameters: number[]): Variant {
  const run = kernels[kernel];
  return { name, batch: (iterations) => run(iterations, ...parameters) };
}

/** Kernels in which two threads wake each other in turns. */
export type PingPongKernel = "pipePingPong" | "eventfdPingPong" | "futexPingPong";

/**
 * Two threads wake each other: an iteration is a round trip, so two wake-ups, each with what it takes to ask for it. With both
 * CPUs the same, a wake-up is a context switch.
 */
export function pingPongVariant(kernel: PingPongKernel, name: string, here: number, there: number): Variant {
  return { ...kernelVariant(kernel, name, here, there), operations: 2 };
}

/** Memory linked into a ring for pointer_chase. It is the process's own and goes with it. @param bytes 128 or more */
export function pointerRing(bytes: number): Mapping {
  const memory = mapAnonymous(bytes);
  kernels.linkPointerRing(1, memory.address, bytes);
  return memory;
}
