import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** One line of vm/packages.txt, with the word by which our files use it. */
export interface SystemPackage {
  /** One, or several with commas between. */
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
  "liblwip-dev": /-llwip/,
  libbpf1: /libbpf\.so\.1/,
  "dpdk-dev": /dpdk-testpmd/,
  "libbpf-dev": /bpf\/bpf_helpers\.h/,
  iproute2: /["']ip["']/,
  "iputils-ping": /["'`]ping["' ]/,
  "util-linux": /nsenter|unshare/,
  procps: /["']sysctl["']/,
  "python3-jupyter-kernel-test": /jupyter_kernel_test/,
  "fonts-dejavu-core": /chromium/,
  "vagrant-libvirt": /"libvirt"/,
  "qemu-system-x86": /qemu-system-x86_64/,
  "qemu-utils": /qemu-img/,
  "openssh-client": /\bssh /,
  "debian-archive-keyring": /mmdebstrap /,
  "syslinux-common": /syslinux\/mbr/,
  fdisk: /sfdisk/,
  e2fsprogs: /mkfs\.ext4/,
  "libvirt-daemon-system": /libvirtd --daemon/,
  "libvirt-clients": /\bvirsh /,
  "dnsmasq-base": /libvirtd --daemon/,
  iptables: /libvirtd --daemon/,
  kmod: /["']modprobe["']/,
  "rdma-core": /ib_uverbs/,
  "ibverbs-providers": /libibverbs\.so\.1/,
  perftest: /["']ib_read_lat["']/,
  nodejs: /\bnode /,
  "linux-perf": /["'`]perf["' ]/,
};

/** Which package brings a program that the lab or a test starts; null for what every Debian has. */
export const PROGRAMS: Readonly<Record<string, string | null>> = {
  bpftool: "bpftool",
  bash: null,
  cat: null,
  clang: "clang",
  cp: null,
  curl: "curl",
  ethtool: "ethtool",
  git: "git",
  ip: "iproute2",
  iperf3: "iperf3",
  mkdir: null,
  modprobe: "kmod",
  mount: null,
  npm: null,
  nsenter: "util-linux",
  perf: "linux-perf",
  ping: "iputils-ping",
  "/usr/bin/jupyter-server": "jupyter-server",
  "/usr/bin/jupyterhub": "jupyterhub",
  "/usr/bin/python3": "jupyter-server",
  rdma: "iproute2",
  setpriv: "util-linux",
  sh: null,
  shellcheck: "shellcheck",
  sleep: null,
  sysctl: "procps",
  "systemd-detect-virt": null,
  tcpdump: "tcpdump",
  tshark: "tshark",
  umount: null,
  unshare: "util-linux",
  vagrant: "vagrant",
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
