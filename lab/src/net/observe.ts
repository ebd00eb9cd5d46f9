// What an outsider can see of the testbeds that exist now, whoever made them: hosts, wires, attached programs and counters.
// It only reads. It costs a short-lived process for each host, so ask once a second and no oftener, and not for nothing.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { isAlive, labNamespaces, NAMESPACE_FOLDER, ownerOf } from "./owner.js";
import { VethCounters, type VethTally } from "./veth-counters.js";

/** The hosts that belong together, by the names' common beginning. */
export interface SeenTestbed {
  readonly name: string;
  /** Id of the process that made it. */
  readonly maker: number;
  readonly hosts: readonly SeenHost[];
}

export interface SeenHost {
  readonly name: string;
  readonly devices: readonly SeenDevice[];
}

/** One end of a wire. */
export interface SeenDevice {
  readonly name: string;
  /** The other end, or null where it is in no host of this testbed. */
  readonly peer: { readonly host: string; readonly device: string } | null;
  readonly xdp: { readonly name: string; readonly mode: "native" | "generic" } | null;
  readonly rxPackets: number;
  readonly txPackets: number;
  /** Null where the interface went while it was asked. */
  readonly driver: VethTally | null;
}

interface IpLink {
  readonly ifindex: number;
  readonly ifname: string;
  readonly link_index?: number;
  readonly xdp?: { readonly mode: number; readonly prog?: { readonly name?: string; readonly id: number } };
  readonly stats64: Record<"rx" | "tx", { readonly packets: number }>;
}

const XDP_ATTACHED_DRV = 1;

/** Looks at every testbed whose maker lives. Needs root; a host that goes while it is looked at is left out. */
export async function observeTestbeds(): Promise<SeenTestbed[]> {
  const names = labNamespaces().filter((name) => isAlive(ownerOf(name)!));
  const seen = await Promise.all(names.map(async (name) => ({ name, links: await linksOf(name) })));
  const testbeds = new Map<string, Seen[]>();
  for (const { name, links } of seen) {
    if (links === null) continue;
    const cut = name.lastIndexOf("-");
    const hosts = testbeds.get(name.slice(0, cut)) ?? [];
    hosts.push({ path: `${NAMESPACE_FOLDER}/${name}`, host: name.slice(cut + 1), links });
    testbeds.set(name.slice(0, cut), hosts);
  }
  return [...testbeds].map(([name, hosts]) => ({
    name,
    maker: ownerOf(`${name}-x`)!.pid,
    hosts: hosts.map((host) => ({
      name: host.host,
      devices: host.links.map((link) => device(link, host, hosts)),
    })),
  }));
}

interface Seen {
  readonly path: string;
  readonly host: string;
  readonly links: readonly IpLink[];
}

async function linksOf(namespace: string): Promise<IpLink[] | null> {
  try {
    const inside = `--net=${NAMESPACE_FOLDER}/${namespace}`;
    const { stdout } = await promisify(execFile)("nsenter", [inside, "ip", "-j", "-d", "-s", "link", "show"]);
    return (JSON.parse(stdout) as IpLink[]).filter(({ ifname }) => ifname !== "lo");
  } catch {
    return null;
  }
}

function device(link: IpLink, host: Seen, hosts: readonly Seen[]): SeenDevice {
  const { xdp, stats64 } = link;
  const program = xdp?.prog?.name ?? (xdp?.prog && `program ${xdp.prog.id}`);
  return {
    name: link.ifname,
    peer: peerOf(link, host, hosts),
    xdp:
      program === undefined
        ? null
        : { name: program, mode: xdp?.mode === XDP_ATTACHED_DRV ? "native" : "generic" },
    rxPackets: stats64.rx.packets,
    txPackets: stats64.tx.packets,
    driver: driverCounts(host.path, link.ifname),
  };
}

/** Each end knows the other's number, which is unique only within a host. */
function peerOf(link: IpLink, host: Seen, hosts: readonly Seen[]): SeenDevice["peer"] {
  const fitting = hosts
    .filter((other) => other !== host)
    .flatMap((other) =>
      other.links
        .filter((end) => end.ifindex === link.link_index && end.link_index === link.ifindex)
        .map((end) => ({ host: other.host, device: end.ifname })),
    );
  return fitting.length === 1 ? fitting[0]! : null;
}

function driverCounts(path: string, name: string): VethTally | null {
  let counters: VethCounters | null = null;
  try {
    counters = new VethCounters(path, name);
    return counters.read();
  } catch {
    return null;
  } finally {
    counters?.close();
  }
}
