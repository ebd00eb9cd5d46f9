// Programs and devices beside the kernel itself: compilers, profilers, DPDK, RDMA, a NIC made for this.
import { type ExecFileException, execFile } from "node:child_process";
import { accessSync, constants, existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { patient } from "./patience.js";
import type { Probe } from "./probe.js";
import { type Answer, attempt, attemptLater, no, unknown, yes } from "./probe-answer.js";
import { isSoftRoceLoaded, rdmaHere } from "./rdma-here.js";
import { rdmaNamespacesHere } from "./rdma-namespaces.js";
import { allowedCpus } from "./thread.js";
import { TOOL_PATH } from "./tool-path.js";

const TOOL_FOLDERS = TOOL_PATH.split(":");
const ANSWER_WITHIN_MS = patient(1000);

/** Drivers with AF_XDP zero-copy in Linux 6.18. @source drivers/net, users of xsk_buff_alloc */
const ZERO_COPY_DRIVERS = new Set(
  "bnxt_en fsl_dpaa2_eth gve i40e iavf ice idpf igb igc ixgbe ixgbevf mlx5_core nfp stmmac ti_prueth tsnep".split(
    " ",
  ),
);

export function probeTools(): Promise<Probe[]> {
  return Promise.all([
    attemptLater("clang", clang),
    attemptLater("perf", perf),
    attemptLater("dpdk", dpdk),
    attempt("rdma", rdma),
    attempt("nic", nic),
  ]);
}

interface Ran {
  readonly error: ExecFileException | null;
  readonly out: string;
}

function runTool(file: string, args: readonly string[], input = ""): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(file, args, { timeout: ANSWER_WITHIN_MS }, (error, stdout, stderr) =>
      resolve({ error, out: `${stdout}${stderr}`.trim().split("\n")[0]! }),
    );
    child.stdin?.on("error", () => {}); // a tool that reads nothing may close its input first
    child.stdin?.end(input);
  });
}

async function tool(
  file: string,
  args: readonly string[],
  input: string,
  good: string,
  next: string,
): Promise<Answer> {
  const { error, out } = await runTool(file, args, input);
  if (!error) return yes(good || out);
  if (error.code === "ENOENT") return no(`there is no ${file}`, next);
  if (error.killed)
    return unknown(`${file} did not answer within ${ANSWER_WITHIN_MS} ms`, "try again on an idle machine");
  return no(`${file} fails: ${out}`, next);
}

function clang(): Promise<Answer> {
  const compile = ["-O2", "-target", "bpf", "-x", "c", "-c", "-", "-o", "/dev/null"];
  return tool("clang", compile, "int answer;\n", "compiles for BPF", "run sh vm/provision.sh");
}

function perf(): Promise<Answer> {
  return tool("perf", ["--version"], "", "", "run sh vm/provision.sh bench");
}

/** A port out of nothing, on one CPU, without hugepages and PCI; what it leaves in its folder goes with the folder. */
async function dpdk(): Promise<Answer> {
  const folder = TOOL_FOLDERS.find((path) => path !== "" && isProgram(`${path}/dpdk-testpmd`));
  if (!folder) return no("there is no dpdk-testpmd", "apt-get install dpdk-dev");
  const runtime = mkdtempSync(join(tmpdir(), "ringside-probe-"));
  try {
    const start = ["--no-huge", "--no-pci", "--no-shconf", "--no-telemetry", "-m", "64", "--vdev=net_null0"];
    const program = [`RUNTIME_DIRECTORY=${runtime}`, `${folder}/dpdk-testpmd`, ...start];
    const lcores = `--lcores=(0,1)@${allowedCpus()[0]}`;
    const args = [...program, lcores, "--", "--interactive", "--total-num-mbufs=2048"];
    const good = "dpdk-testpmd started a port without hugepages and PCI";
    return await tool("env", args, "quit\n", good, "apt-get install --reinstall dpdk-dev");
  } finally {
    rmSync(runtime, { recursive: true, force: true });
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function rdma(): Answer {
  const { available, reason, next } = rdmaHere();
  return available ? yes(`${reason}${whereItListens()}`) : no(reason, next);
}

/** Asked of a module that is loaded: a probe loads none. */
function whereItListens(): string {
  if (!isSoftRoceLoaded() || process.getuid?.() !== 0) return "";
  try {
    return `; ${rdmaNamespacesHere().reason}`;
  } catch (error) {
    return `; where soft-RoCE listens was not seen: ${(error as Error).message.split(" -> ")[0]}`;
  }
}

function nic(): Answer {
  const drivers = list("/sys/class/net").flatMap((name) => {
    const driver = `/sys/class/net/${name}/device/driver`;
    return existsSync(driver) ? [{ name, driver: basename(readlinkSync(driver)) }] : [];
  });
  const shown =
    drivers.map(({ name, driver }) => `${name} (${driver})`).join(", ") || "none but virtual ones";
  if (drivers.some(({ driver }) => ZERO_COPY_DRIVERS.has(driver)))
    return yes(`${shown}; zero-copy is in the driver`);
  return no(
    `interfaces: ${shown}`,
    "zero-copy needs a NIC whose driver has it, such as ice, i40e, igc or mlx5_core",
  );
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
