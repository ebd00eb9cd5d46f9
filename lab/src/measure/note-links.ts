import type { LinkFacts, Testbed } from "../net/index.js";
import type { Context } from "./experiment.js";

/**
 * Adds to a result under which conditions its packets travelled: for each end of each wire its MTU, queues, offloads, and
 * the XDP mode that the kernel reports. Call it once everything is attached.
 */
export function noteLinks(context: Pick<Context, "note">, testbed: Testbed): void {
  for (const { a, b } of testbed.spec.wires) {
    for (const { device } of [a, b]) context.note(device, describeLink(testbed.facts(device)));
  }
}

/** `MTU 1500, 1 queue, XDP native, offloads: none` */
function describeLink({ mtu, rxQueues, xdp, offloads }: LinkFacts): string {
  const queues = `${rxQueues} queue${rxQueues === 1 ? "" : "s"}`;
  return `MTU ${mtu}, ${queues}, XDP ${xdp}, offloads: ${offloads.join(" ") || "none"}`;
}
