import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type Probe, type ProbeName, patient, probeAll, tierOf } from "ringside/sys";
import { beforeAll, describe, expect, test } from "vitest";

let probes: readonly Probe[] = [];
let tookMs = 0;
const answer = (name: ProbeName): Probe => probes.find((probe) => probe.name === name)!;

interface Leftovers {
  readonly links: string;
  readonly namespaces: string;
  /** Programs and links live as long as the descriptors that hold them. */
  readonly descriptors: number;
}

/** What a careless probe would leave behind. */
function leftovers(): Leftovers {
  return {
    links: execFileSync("ip", ["-br", "link"], { encoding: "utf8" }).replaceAll(/\s+\n/g, "\n"),
    namespaces: execFileSync("ip", ["netns"], { encoding: "utf8" }),
    descriptors: readdirSync("/proc/self/fd").length,
  };
}

let before: Leftovers;
let after: Leftovers;

beforeAll(async () => {
  await probeAll(); // opens the libraries, which stay open
  before = leftovers();
  const began = performance.now();
  probes = await probeAll();
  tookMs = performance.now() - began;
  after = leftovers();
});

describe("the capability probes", () => {
  test("all answer within 1.5 s, on a processor that is not slow", () => {
    expect(new Set(probes.map(({ name }) => name)).size).toBe(probes.length);
    expect(probes.length).toBe(26);
    expect(tookMs).toBeLessThan(patient(1500));
  });

  test("leave no link, namespace, program or descriptor behind", () => {
    expect(after).toEqual(before);
  });

  test("come home to the namespace they started in", () => {
    expect(readdirSync("/sys/class/net")).toContain("lo");
    expect(execFileSync("ip", ["-br", "link"], { encoding: "utf8" })).not.toContain("probe-a");
  });

  test("say what was tried, and for every no or unknown what to do", () => {
    for (const { name, state, reason, next } of probes) {
      expect(reason, name).not.toBe("");
      expect(next === "", `${name}: ${state}`).toBe(state === "yes");
    }
  });

  test.each<ProbeName>([
    "capabilities",
    "namespaces",
    "veth",
    "bpf",
    "btf",
    "nativeXdp",
    "genericXdp",
    "liveFrames",
    "afXdpCopy",
    "tpBtf",
    "clang",
  ])("say yes to %s, which every live notebook stands on", (name) => {
    expect(answer(name)).toMatchObject({ state: "yes", next: "" });
  });

  test("read zero-copy back from the kernel: a veth has none", () => {
    expect(answer("afXdpZeroCopy")).toMatchObject({
      state: "no",
      reason: expect.stringContaining("EOPNOTSUPP"),
    });
  });

  test("agree with what the kernel shows of io_uring, kprobes and huge pages", () => {
    const disabled = "/proc/sys/kernel/io_uring_disabled";
    if (existsSync(disabled) && readFileSync(disabled, "utf8").trim() === "0") {
      for (const name of ["ioUring", "ioUringMultishot", "ioUringSqpoll"] as const)
        expect(answer(name)).toMatchObject({ state: "yes" });
    }
    if (!existsSync("/sys/bus/event_source/devices/kprobe")) expect(answer("kprobes").state).toBe("no");
    const free = /HugePages_Free:\s+(\d+)/.exec(readFileSync("/proc/meminfo", "utf8"));
    expect(answer("hugepages").state).toBe(Number(free?.[1] ?? 0) > 0 ? "yes" : "no");
  });

  test("say no to fentry only with the kernel's own refusal", () => {
    const { state, reason } = answer("fentry");
    if (state === "no") expect(reason).toMatch(/EPERM|EINVAL|ENOTSUPP|EOPNOTSUPP|ENOENT|errno \d+/);
    else expect(state).toBe("yes");
  });

  test("put this machine into tier T1 or above", () => {
    const { tier, reason } = tierOf(probes);
    expect(tier, reason).toMatch(/^T[123]$/);
  });
});

describe("without any capability", () => {
  test("the probes still answer, and the tier is T0 with what is missing", () => {
    const script = `
      const { probeAll, tierOf } = await import("ringside/sys");
      const probes = await probeAll();
      console.log(JSON.stringify({ probes, tier: tierOf(probes) }));`;
    const out = execFileSync(
      "setpriv",
      ["--bounding-set=-all", process.execPath, "--input-type=module", "-e", script],
      { encoding: "utf8", cwd: process.cwd() },
    );
    const answers = JSON.parse(out) as { probes: Probe[]; tier: { tier: string; reason: string } };
    const capabilities = answers.probes.find(({ name }) => name === "capabilities");
    expect(capabilities).toMatchObject({ state: "no", next: expect.stringContaining("root") });
    expect(capabilities?.reason).toContain("CAP_BPF");
    expect(answers.probes.find(({ name }) => name === "nativeXdp")?.state).toBe("unknown");
    expect(answers.tier).toMatchObject({ tier: "T0", reason: expect.stringContaining("capabilities") });
  });
});
