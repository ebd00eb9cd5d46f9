// How testpmd is started here: no hugepages and no PCI, since our port is one end of a veth behind a virtual device; two
// logical cores, one that waits for commands and one that forwards; nothing left in the file system.

/** Which driver the port has: AF_XDP, AF_PACKET, or none behind it at all: packets out of nowhere, for as long as one asks. */
export type PortDriver = "net_af_xdp" | "net_af_packet" | "net_null";

/** What to start. */
export interface TestpmdSpec {
  readonly driver: PortDriver;
  /** Interface behind the port; net_null has none. */
  readonly device?: string;
  /** Its queue that the port of net_af_xdp binds to, from 0; 0 unless given. The other drivers take packets of all. */
  readonly queue?: number;
  /** The CPU on which it waits for commands, and the one that its forwarding thread never leaves. */
  readonly cpus: { readonly main: number; readonly forward: number };
  /** Most packets that one look at the port takes, 1 to 512; 32 unless given. */
  readonly burst?: number;
  /** Descriptors of the receive ring, a power of two; 2048 unless given. */
  readonly ringSize?: number;
  /** For net_af_xdp: each look that finds nothing asks the kernel to poll the driver. On unless turned off, as in DPDK. */
  readonly busyPoll?: boolean;
  /** What it does with packets: receive and free them, or send them back with their MACs swapped; `rxonly` unless given. */
  readonly forward?: "rxonly" | "macswap";
}

const MBUFS = 16_384;
/** For 16 384 buffers of 2176 bytes and the rings. */
const MEMORY_MB = 128;
const FRAME_BYTES = 2048;
const BLOCK_BYTES = 65_536;

/** The program and its arguments. @param folder where it may leave files, removed afterwards */
export function commandLine(spec: TestpmdSpec, folder: string): string[] {
  const { cpus, burst = 32, ringSize = 2048, forward = "rxonly" } = spec;
  return [
    // Errors go where answers go, so that both come before the next prompt.
    ...["sh", "-c", 'exec "$@" 2>&1', "testpmd"],
    // libxdp would pin programs in a bpffs, which outlive a killed process.
    ...["env", `RUNTIME_DIRECTORY=${folder}`, `LIBXDP_BPFFS=${folder}`],
    ...["stdbuf", "-oL", "dpdk-testpmd"],
    ...["--no-huge", "--no-pci", "--no-shconf", "--no-telemetry", "-m", `${MEMORY_MB}`],
    `--lcores=0@${cpus.main},1@${cpus.forward}`,
    `--vdev=${virtualDevice(spec, ringSize)}`,
    "--",
    ...["--interactive", `--forward-mode=${forward}`, `--burst=${burst}`, `--total-num-mbufs=${MBUFS}`],
    ...(spec.driver === "net_af_xdp" ? [`--rxd=${ringSize}`, `--txd=${ringSize}`] : []),
  ];
}

/** @source dpdk doc/guides/nics/af_xdp.rst and af_packet.rst, v22.11 */
function virtualDevice(
  { driver, device = "", queue = 0, busyPoll = true }: TestpmdSpec,
  ringSize: number,
): string {
  if (driver === "net_null") return "net_null0";
  if (driver === "net_af_xdp")
    return `net_af_xdp0,iface=${device},start_queue=${queue}${busyPoll ? "" : ",busy_budget=0"}`;
  return `net_af_packet0,iface=${device},blocksz=${BLOCK_BYTES},framesz=${FRAME_BYTES},framecnt=${ringSize}`;
}
