// Which CPU does the receiving half of a packet's work? Where the card has one queue, or none, software can spread packets: RPS by a hash of
// the flow to given CPUs, RFS to the CPU where the flow's program last read. Both are switches in /sys, of the receive queues
// of one host.
import type { Testbed } from "../net/index.js";

/** Runs a line of shell inside a host with its own /sys, which entering its namespace alone does not show. */
function inHost(testbed: Testbed, end: string, line: (queues: string) => string): void {
  const { host, device } = testbed.end(end);
  const command = line(`/sys/class/net/${device}/queues`);
  testbed.inside(host, "ip", "netns", "exec", testbed.name(host), "sh", "-c", command);
}

/** Writes a switch of every receive queue of an end. */
function write(testbed: Testbed, end: string, file: string, value: string): void {
  inHost(testbed, end, (queues) => `for queue in ${queues}/rx-*; do echo ${value} > $queue/${file}; done`);
}

/**
 * Transmit Packet Steering: what a CPU sends leaves by the transmit queue of its own place, and on a veth arrives by the receive queue of that place. So a
 * veth with a queue for each core behaves as a card does that keeps each flow on one core. Without it the queue is chosen by a hash of the flow.
 *
 * @param end as `testbed.end` takes it
 * @param cpus one for each queue, in the order of the queues
 */
export function sendByCpu(testbed: Testbed, end: string, cpus: readonly number[]): void {
  const each = (queues: string): string[] =>
    cpus.map((cpu, queue) => `echo ${maskText(1n << BigInt(cpu))} > ${queues}/tx-${queue}/xps_cpus`);
  inHost(testbed, end, (queues) => each(queues).join(" && "));
}

/**
 * Receive Packet Steering: packets that come in at an end are processed on these CPUs, chosen by a hash of the flow.
 *
 * @param end as `testbed.end` takes it
 * @param cpus none switches it off, and a packet stays on the CPU that it came in on
 * @source Documentation/networking/scaling.rst
 */
export function steerPackets(testbed: Testbed, end: string, cpus: readonly number[]): void {
  const mask = cpus.reduce((bits, cpu) => bits | (1n << BigInt(cpu)), 0n);
  write(testbed, end, "rps_cpus", maskText(mask));
}

/**
 * Receive Flow Steering: with RPS on, a flow's packets go to the CPU where its program last read. It needs the machine's table of flows,
 * `net.core.rps_sock_flow_entries`, which the lab does not touch: where that is 0 this switch alone changes nothing.
 *
 * @param flows entries of this queue, a power of two; 0 switches it off
 */
export function followFlows(testbed: Testbed, end: string, flows: number): void {
  write(testbed, end, "rps_flow_cnt", String(flows));
}

/** Groups of 32 bits, as the kernel reads them: `ff,00000001`. */
export function maskText(mask: bigint): string {
  const groups: string[] = [];
  for (let rest = mask; rest > 0n || groups.length === 0; rest >>= 32n)
    groups.unshift((rest & 0xffff_ffffn).toString(16));
  return groups.map((group, i) => (i === 0 ? group : group.padStart(8, "0"))).join(",");
}
