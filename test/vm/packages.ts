import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** One line of vm/packages.txt, with the word by which our files use it. */
export interface SystemPackage {
  readonly group: string;
  readonly name: string;
  /** Name on Ubuntu 24.04, "=" for the same, "-" for none. */
  readonly ubuntu: string;
  readonly why: string;
  readonly usedAs: RegExp;
}

/** How a package shows in the sources, where that is not its own name. */
const SIGNS: Readonly<Record<string, RegExp>> = {
  "jupyter-server": /jupyter[_-]server/,
  "jupyter-notebook": /notebook/,
  libbpf1: /libbpf\.so\.1/,
  "libbpf-dev": /bpf\/bpf_helpers\.h/,
  iproute2: /["']ip["']/,
  "iputils-ping": /["'`]ping["' ]/,
  "util-linux": /nsenter|unshare/,
  "python3-jupyter-kernel-test": /jupyter_kernel_test/,
  "fonts-dejavu-core": /chromium/,
  "linux-perf": /["'`]perf["' ]/,
};

export function packages(): SystemPackage[] {
  const text = readFileSync(resolve(import.meta.dirname, "../../vm/packages.txt"), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [group, name, ubuntu, ...why] = line.split(/ +/);
      const usedAs = SIGNS[name!] ?? new RegExp(`\\b${name}\\b`);
      return { group: group!, name: name!, ubuntu: ubuntu!, why: why.join(" "), usedAs };
    });
}
