// Two worlds for the same sentences: Linux's sockets on the loopback interface, and two of our stacks on a model wire.

import { ModelNetwork, type NetworkStack, type WireModel } from "../stack/index.js";
import type { World } from "./conformance/index.js";
import { KernelSockets } from "./kernel-sockets.js";
import { type Pump, StackSockets } from "./stack-sockets.js";

const PATIENCE_MS = 5000;
/** Longer than the two hours after which a keep-alive asks: a reset that the wire has lost is told by nothing else to whoever only waits. */
const MODEL_PATIENCE_MS = 3 * 3_600_000;
const never = new Int32Array(new SharedArrayBuffer(4));

/** Both sides are this machine's kernel. */
export function kernelWorld(): World {
  const sockets = new KernelSockets();
  return {
    title: sockets.title,
    server: sockets,
    client: sockets,
    serverAddress: "127.0.0.1",
    clientAddress: "127.0.0.1",
    until(condition) {
      const endMs = performance.now() + PATIENCE_MS;
      while (!condition()) {
        if (performance.now() > endMs) return condition();
        Atomics.wait(never, 0, 0, 0.2);
      }
      return true;
    },
  };
}

/** Both sides are stacks of our own. @param model the wire between them, and its faults */
export function modelWorld(model: WireModel): World {
  const network = new ModelNetwork(model);
  const time: Pump = {
    nowMs: () => network.clock.nowMs(),
    pump(untilMs) {
      network.settle();
      if (network.advance(untilMs)) network.settle();
    },
  };
  const socketsOf = (stack: NetworkStack): StackSockets => new StackSockets(stack, time);
  return {
    title: "the lab's own stack",
    server: socketsOf(network.b),
    client: socketsOf(network.a),
    serverAddress: "10.0.0.2",
    clientAddress: "10.0.0.1",
    until: (condition) => network.run(condition, MODEL_PATIENCE_MS),
  };
}
