// The third world for the sentences, and the strictest: our library on one side of a wire, Linux on the other.

import { type LiveStackSpec, machineClock, openLiveStack } from "../links/index.js";
import { inNamespace } from "../sys/index.js";
import type { PollEntry, SocketDescriptor, SocketKind } from "./api.js";
import type { World } from "./conformance/index.js";
import { KernelSockets } from "./kernel-sockets.js";
import { type Pump, StackSockets } from "./stack-sockets.js";

const PATIENCE_MS = 20_000;

/** A world on a wire of its own. Close it when done. */
export interface LiveWorld extends World {
  close(): void;
}

/** Linux's sockets in another namespace, in a thread that has our stack to keep alive as well: `poll` never stands still. */
class NeighbourSockets extends KernelSockets {
  private readonly namespace: string;
  private readonly time: Pump;

  constructor(namespace: string, time: Pump) {
    super();
    this.namespace = namespace;
    this.time = time;
  }

  override socket(kind: SocketKind): SocketDescriptor {
    return inNamespace(this.namespace, () => super.socket(kind));
  }

  override poll(entries: readonly PollEntry[], timeoutMs: number): number[] {
    const untilMs = this.time.nowMs() + (timeoutMs < 0 ? Number.POSITIVE_INFINITY : timeoutMs);
    for (;;) {
      this.time.pump(untilMs);
      const found = super.poll(entries, 0);
      if (found.some((events) => events !== 0) || this.time.nowMs() >= untilMs) return found;
    }
  }
}

/**
 * Host a with Linux's sockets, and our library on our stack in the place of host b's kernel.
 *
 * @param ours which side our library plays
 * @throws SysError EPERM without root
 */
export function liveWorld(ours: "server" | "client", spec: LiveStackSpec = {}): LiveWorld {
  const { testbed, stack, close } = openLiveStack(spec);
  const time: Pump = { nowMs: () => machineClock.nowMs(), pump: () => void stack.poll() };
  const library = new StackSockets(stack, time);
  const linux = new NeighbourSockets(testbed.path("a"), time);
  const addressOf = (host: "a" | "b"): string => testbed.end(host).addresses[0]!.split("/")[0]!;
  const isServer = ours === "server";
  return {
    title: isServer ? "our library, asked by Linux" : "our library, asking Linux",
    server: isServer ? library : linux,
    client: isServer ? linux : library,
    serverAddress: addressOf(isServer ? "b" : "a"),
    clientAddress: addressOf(isServer ? "a" : "b"),
    until(condition) {
      const endMs = time.nowMs() + PATIENCE_MS;
      for (;;) {
        stack.poll();
        if (condition()) return true;
        if (time.nowMs() > endMs) return condition();
      }
    },
    close,
  };
}
