import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const NEW_DEVICE = "/sys/bus/netdevsim/new_device";
const CONFIG = "/proc/config.gz";

/**
 * Whether this kernel can pretend to have a network card that runs programs: its driver netdevsim, which programs can be bound
 * to and attached to as to a real one.
 *
 * @returns why, or why not, and what to do
 */
export function netdevsimHere(): { readonly available: boolean; readonly reason: string } {
  if (existsSync(NEW_DEVICE)) return { available: true, reason: `${NEW_DEVICE} is there` };
  const config = existsSync(CONFIG) ? gunzipSync(readFileSync(CONFIG)).toString() : "";
  const line = /^.*CONFIG_NETDEVSIM\b.*$/m.exec(config)?.[0];
  if (line === "CONFIG_NETDEVSIM=m")
    return { available: false, reason: "it is a module that is not loaded -> modprobe netdevsim" };
  const cause =
    line === undefined ? `no ${NEW_DEVICE}` : `this kernel was built without it (${line.replace(/^# /, "")})`;
  return {
    available: false,
    reason: `${cause} -> take a kernel that has it; Debian's have not (12's, 13's and 13's backports), nor has the course's VM`,
  };
}
