// Both ends in the machine's first network namespace, for a soft-RoCE that listens in no other. The address of either end is this machine's
// own, so a packet for it would never leave; it takes the wire because both the driver and our sockets ask for a route by the interface.
import { readdirSync } from "node:fs";
import { CommandLog, forgetRemoval, nextNamePrefix, removeAtExit, resetLab } from "../net/index.js";
import { interfaceIndex } from "../sys/index.js";
import type { RdmaEnd, RdmaPlace } from "./end.js";

const INTERFACES = "/sys/class/net";
const OURS = "rdma";
const MAC = "02:72:73:36:00";

/** A veth pair beside the machine's own interfaces. */
export class OneNamespace implements RdmaPlace {
  readonly near: RdmaEnd;
  readonly far: RdmaEnd;
  private readonly log: CommandLog = new CommandLog();
  private readonly removal: () => void = () => this.close();
  private readonly name: string;
  private open = true;

  constructor() {
    resetLab();
    const prefix = nextNamePrefix();
    // An interface's name has 15 bytes, too few for its owner's, which is kept as its alias.
    const name = `rs${process.pid.toString(36)}x${prefix.split("-").at(-1)}`;
    this.name = name;
    removeAtExit(this.removal);
    try {
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

  get commands(): readonly string[] {
    return this.log.lines;
  }

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
  const address = `10.36.${(index >> 8) & 0xff}.${index & 0xff}`;
  return { device: netdev, netdev, address, namespace: null };
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
