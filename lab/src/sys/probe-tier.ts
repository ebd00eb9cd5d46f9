import type { Probe, ProbeName } from "./probe.js";

/** How much of the course runs live. T0: models and recorded runs; T1: root, namespaces, BPF; T2: kernel modules too; T3: a real NIC. */
export type Tier = "T0" | "T1" | "T2" | "T3";

const T1_NEEDS: readonly ProbeName[] = [
  "capabilities",
  "namespaces",
  "veth",
  "bpf",
  "btf",
  "nativeXdp",
  "afXdpCopy",
  "tpBtf",
];

/**
 * The highest tier that these answers allow.
 *
 * @param probes what `probeAll` gave; a missing answer counts as not there
 * @returns The tier, and in words what decided it.
 */
export function tierOf(probes: readonly Probe[]): { readonly tier: Tier; readonly reason: string } {
  const has = (name: ProbeName): boolean =>
    probes.some((probe) => probe.name === name && probe.state === "yes");
  const missing = T1_NEEDS.filter((name) => !has(name));
  if (missing.length > 0) return { tier: "T0", reason: `live packets need ${missing.join(", ")}` };
  if (has("nic")) return { tier: "T3", reason: "live packets, and a NIC whose driver has zero-copy" };
  if (has("rdma")) return { tier: "T2", reason: "live packets, and an RDMA device; no NIC with zero-copy" };
  return { tier: "T1", reason: "live packets in namespaces; no RDMA device, no NIC with zero-copy" };
}
