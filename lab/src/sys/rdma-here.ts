// RDMA takes a device. Where there is no card the kernel can act one over any Ethernet interface: soft-RoCE, the module rdma_rxe.
// Debian's usual kernels have it, its cloud kernels and many hosts' own have not.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { nativeLibrary } from "./library.js";

/** Where the kernel shows RDMA devices, a folder each. */
export const RDMA_DEVICES = "/sys/class/infiniband";
const LOADED = "/sys/module/rdma_rxe";
const verbs = nativeLibrary("libibverbs.so.1", "run `sh vm/provision.sh vm`");

/** What is there of RDMA: why, or why not, and what to do. */
export interface RdmaHere {
  readonly available: boolean;
  readonly reason: string;
  /** Empty where it is available. */
  readonly next: string;
}

/** Whether this machine has RDMA: a device, or a kernel that can act one, and the library that programs reach it by. */
export function rdmaHere(): RdmaHere {
  const kernel = kernelHas();
  if (kernel === null) {
    const reason = `no RDMA device, and this kernel (${release()}) has no module rdma_rxe to act one`;
    return { available: false, reason, next: "use the VM, whose kernel has it (tier T2): vagrant up" };
  }
  try {
    verbs.resolve("void ibv_free_device_list(uintptr_t list)");
  } catch {
    return {
      available: false,
      reason: `${kernel}, but there is no libibverbs`,
      next: "run sh vm/provision.sh vm",
    };
  }
  return { available: true, reason: kernel, next: "" };
}

/** Whether the kernel has loaded soft-RoCE. */
export function isSoftRoceLoaded(): boolean {
  return existsSync(LOADED);
}

/** What the kernel has, in words; null for nothing. */
function kernelHas(): string | null {
  const devices = existsSync(RDMA_DEVICES) ? readdirSync(RDMA_DEVICES) : [];
  if (devices.length > 0) return `devices ${devices.join(", ")}`;
  if (isSoftRoceLoaded()) return "soft-RoCE, loaded and without a device yet";
  const list = `/lib/modules/${release()}/modules.dep`;
  const isModule = existsSync(list) && readFileSync(list, "utf8").includes("/rdma_rxe.ko");
  return isModule ? "soft-RoCE, as this kernel's module rdma_rxe" : null;
}
