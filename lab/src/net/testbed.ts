// One owner of state: a testbed makes namespaces, wires and processes under its process's name and removes them all,
// when it is closed, when the process ends, and through `resetLab` when the process was killed.
import { type ChildProcess, spawn } from "node:child_process";
import { CommandLog } from "./command.js";
import { makeWire, setOffloads, setUpEnd } from "./commands.js";
import { assertDelivery } from "./delivery.js";
import { forget, remember } from "./exit.js";
import { type LinkFacts, linkFacts } from "./link-facts.js";
import { NAMESPACE_FOLDER, namespaceName, type Owner, thisOwner } from "./owner.js";
import { removeNamespaces } from "./remove.js";
import { checkSpec, type EndSpec, type TestbedSpec } from "./spec.js";

let count = 0;

/** Hosts and wires that exist in the kernel. */
export class Testbed {
  readonly spec: TestbedSpec;
  private readonly owner: Owner = thisOwner();
  // Two testbeds of one process: the second one's hosts have other namespace names.
  private readonly serial: string = count++ === 0 ? "" : count.toString(36);
  private readonly log: CommandLog = new CommandLog();
  private readonly removal: () => void = () => this.close();
  private open = true;

  private constructor(spec: TestbedSpec) {
    this.spec = spec;
  }

  /**
   * Makes a testbed and asserts that every wire delivers in both directions before handing it out.
   *
   * @throws SysError EPERM without root; RangeError for a spec that cannot be; whatever it had made is removed first.
   */
  static create(spec: TestbedSpec): Testbed {
    checkSpec(spec);
    const testbed = new Testbed(spec);
    remember(testbed.removal); // before the first thing to remove exists
    try {
      testbed.build();
    } catch (error) {
      testbed.close();
      throw error;
    }
    return testbed;
  }

  private build(): void {
    const { hosts, wires } = this.spec;
    this.log.ip([
      ...hosts.map((host) => `netns add ${this.name(host)}`),
      ...wires.map((wire) => makeWire(wire, (host) => this.name(host))),
    ]);
    for (const host of hosts) {
      const lines = wires.flatMap((wire) => [
        ...(wire.a.host === host ? setUpEnd(wire.a, wire.b, wire.mtu) : []),
        ...(wire.b.host === host ? setUpEnd(wire.b, wire.a, wire.mtu) : []),
      ]);
      this.log.ip(["link set dev lo up", ...lines], this.name(host));
    }
    for (const wire of wires) {
      for (const end of [wire.a, wire.b])
        this.inside(end.host, "ethtool", ...setOffloads(end.device, wire.offloads));
      assertDelivery(this, wire.a, wire.b);
      assertDelivery(this, wire.b, wire.a);
    }
  }

  /** A host's namespace name, as `ip netns` lists it. */
  name(host: string): string {
    if (!this.spec.hosts.includes(host)) {
      throw new RangeError(`Cannot find host ${host} -> this testbed has ${this.spec.hosts.join(", ")}`);
    }
    return namespaceName(this.owner, `${host}${this.serial}`);
  }

  /** A host's namespace file, for `inNamespace`. */
  path(host: string): string {
    return `${NAMESPACE_FOLDER}/${this.name(host)}`;
  }

  /** The end of the first wire that is in this host. */
  end(host: string): EndSpec {
    const ends = this.spec.wires.flatMap((wire) => [wire.a, wire.b]);
    const found = ends.find((end) => end.host === host);
    if (!found) throw new RangeError(`Cannot find a wire at host ${host} -> give it one in the spec`);
    return found;
  }

  /** Runs a program to its end inside a host. @returns Its standard output. */
  inside(host: string, program: string, ...args: string[]): string {
    return this.log.run("nsenter", `--net=${this.path(host)}`, program, ...args);
  }

  /** Starts a program inside a host, in a process group of its own. It is ended with the testbed. */
  spawn(host: string, program: string, ...args: string[]): ChildProcess {
    const full = [`--net=${this.path(host)}`, program, ...args];
    this.log.lines.push(["nsenter", ...full, "&"].join(" "));
    return spawn("nsenter", full, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  }

  /** What the kernel says of an end: MTU, queues, offloads, XDP mode, packet and drop counters. */
  facts(host: string): LinkFacts {
    return linkFacts(this, this.end(host).device, host);
  }

  /** Every command that changed the machine so far, as a person would type it. */
  get commands(): readonly string[] {
    return this.log.lines;
  }

  /** Removes namespaces, wires, what is attached to them and every process inside. A second call does nothing. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    forget(this.removal);
    removeNamespaces(this.spec.hosts.map((host) => this.name(host)));
  }
}
