import { type Probe, type ProbeName, tierOf } from "ringside/sys";
import { describe, expect, test } from "vitest";

const T1: readonly ProbeName[] = [
  "capabilities",
  "namespaces",
  "veth",
  "bpf",
  "btf",
  "nativeXdp",
  "afXdpCopy",
  "tpBtf",
];
const yes = (names: readonly ProbeName[]): Probe[] =>
  names.map((name) => ({ name, state: "yes", reason: "tried", next: "" }));

describe("the tier of a machine", () => {
  test("is T0 without answers, and names what live packets need", () => {
    expect(tierOf([])).toEqual({ tier: "T0", reason: `live packets need ${T1.join(", ")}` });
  });

  test("is T0 when one need is only unknown", () => {
    const probes = yes(T1).map(
      (probe): Probe => (probe.name === "tpBtf" ? { ...probe, state: "unknown" } : probe),
    );
    expect(tierOf(probes)).toEqual({ tier: "T0", reason: "live packets need tpBtf" });
  });

  test("is T1 with namespaces, BPF and AF_XDP", () => {
    expect(tierOf(yes(T1)).tier).toBe("T1");
  });

  test("is T2 with an RDMA device, T3 with a NIC that has zero-copy", () => {
    expect(tierOf(yes([...T1, "rdma"])).tier).toBe("T2");
    expect(tierOf(yes([...T1, "nic"])).tier).toBe("T3");
  });
});
