// Two RDMA devices of software, and a veth pair between them. Up to Linux 6.12, at least, soft-RoCE listens in the machine's first network
// namespace only, whatever namespace its interface is in; so both ends are there, and their routes are chosen by interface.
import { readdirSync } from "node:fs";
import { NotSupportedError } from "../base/index.js";
import { CommandLog, forgetRemoval, nextNamePrefix, removeAtExit, resetLab } from "../net/index.js";
import { interfaceIndex, rdmaHere } from "../sys/index.js";
import { portCounters, type RdmaCounters } from "./counters.js";

/** One end of the wire. */
export interface RdmaEnd {
  /** The RDMA device, for `openRdma`. */
  readonly device: string;
  /** The interface that carries its packets. */
  readonly netdev: string;
  readonly address: string;
}

const INTERFACES = "/sys/class/net";
const OURS = "rdma";
const MAC = "02:72:73:36:00";

/** Two devices that reach each other by a veth pair. Close it: with the pair the devices go, too. */
export class RdmaWire {
  readonly near: RdmaEnd;
  readonly far: RdmaEnd;
  private readonly log: CommandLog = new CommandLog();
  private readonly removal: () => void = () => this.close();
  private readonly name: string;
  private open = true;

  private constructor(prefix: string) {
    // An interface's name has 15 bytes, too few for its owner's, which is kept as its alias.
    const name = `rs${process.pid.toString(36)}x${prefix.split("-").at(-1)}`;
    this.name = name;
    removeAtExit(this.removal);
    try {
      this.log.run("modprobe", "-a", "rdma_rxe", "ib_uverbs");
      this.log.ip([
        `link add ${name}a address ${MAC}:01 type veth peer name ${name}b address ${MAC}:02`,
        `link set ${name}a alias ${prefix}-${OURS}`,
      ]);
      [this.near, this.far] = [endAt(`${name}a`), endAt(`${name}b`)];
      this.setUp();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * Makes the wire, and removes what killed runs left.
   *
   * @throws NotSupportedError where the machine has no soft-RoCE: it says what is missing, and what to do. SysError EPERM without root.
   */
  static create(): RdmaWire {
    const { available, reason, next } = rdmaHere();
    if (!available) throw new NotSupportedError("RDMA", "an RDMA device or soft-RoCE", reason, next);
    resetLab();
    return new RdmaWire(nextNamePrefix());
  }

  private setUp(): void {
    const [a, b] = [this.near, this.far];
    for (const { netdev } of [a, b]) {
      const of = (setting: string): string => `net.ipv4.conf.${netdev}.${setting}`;
      this.log.run("sysctl", "-q", "-w", `${of("accept_local")}=1`, `${of("rp_filter")}=2`);
      this.log.run("sysctl", "-e", "-q", "-w", `net.ipv6.conf.${netdev}.disable_ipv6=1`);
    }
    this.log.ip([...routed(a, b, `${MAC}:02`), ...routed(b, a, `${MAC}:01`)]);
    for (const { device, netdev } of [a, b])
      this.log.run("rdma", "link", "add", device, "type", "rxe", "netdev", netdev);
  }

  /** What the drivers of both ends have counted so far. */
  counters(): { readonly near: RdmaCounters; readonly far: RdmaCounters } {
    return { near: portCounters(this.near), far: portCounters(this.far) };
  }

  /** Every command that changed the machine, as a person would type it. */
  get commands(): readonly string[] {
    return this.log.lines;
  }

  /** Removes the wire, and with it both devices. Whoever has one open closes it first. A second call does nothing. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    forgetRemoval(this.removal);
    if (readdirSync(INTERFACES).includes(`${this.name}a`)) this.log.ip([`link delete ${this.name}a`]);
  }
}

/** An end whose address is made of its interface's number, so that no two are alike. */
function endAt(netdev: string): RdmaEnd {
  const index = interfaceIndex(netdev);
  return { device: netdev, netdev, address: `10.36.${(index >> 8) & 0xff}.${index & 0xff}` };
}

/** The peer's address is one of this machine's own, so only who asks for this interface, as the driver does, takes this route. */
function routed(own: RdmaEnd, peer: RdmaEnd, peerMac: string): string[] {
  const dev = `dev ${own.netdev}`;
  return [
    `address add ${own.address}/32 ${dev}`,
    `link set ${dev} up`,
    `route add ${peer.address}/32 ${dev} src ${own.address}`,
    `neighbour add ${peer.address} lladdr ${peerMac} ${dev} nud permanent`,
  ];
}
