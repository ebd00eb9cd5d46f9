// One owner of state: a testbed makes namespaces, wires and processes under its process's name and removes them all,
// when it is closed, when the process ends, and through `resetLab` when the process was killed.
import { type ChildProcess, spawn } from "node:child_process";
import { SysError } from "../base/index.js";
import { CommandLog } from "./command.js";
import { makeWire, quieten, setOffloads, setUpEnd } from "./commands.js";
import { assertDelivery, waitForQuiet } from "./delivery.js";
import { forgetRemoval, removeAtExit } from "./exit.js";
import type { Wires } from "./injection.js";
import { Injector } from "./injector.js";
import { type LinkFacts, linkFacts } from "./link-facts.js";
import { NAMESPACE_FOLDER, nextNamePrefix } from "./owner.js";
import { removeNamespaces, resetLab } from "./remove.js";
import { checkSpec, type EndSpec, type TestbedSpec } from "./spec.js";

/** Hosts and wires that exist in the kernel. */
export class Testbed implements Wires {
  readonly spec: TestbedSpec;
  private readonly prefix: string = nextNamePrefix();
  private readonly log: CommandLog = new CommandLog();
  private readonly resources: { close(): void }[] = [];
  private readonly removal: () => void = () => this.close();
  private open = true;

  private constructor(spec: TestbedSpec) {
    this.spec = spec;
  }

  /**
   * Makes a testbed and asserts that every wire delivers in both directions before handing it out. What killed
   * processes left is removed on the way.
   *
   * @throws SysError EPERM without root; RangeError for a spec that cannot be; whatever it had made is removed first.
   */
  static create(spec: TestbedSpec): Testbed {
    checkSpec(spec);
    resetLab();
    const testbed = new Testbed(spec);
    removeAtExit(testbed.removal); // before the first thing to remove exists
    try {
      testbed.build();
    } catch (error) {
      testbed.close();
      throw isDenied(error) ? needsRoot(spec, error) : error;
    }
    return testbed;
  }

  private build(): void {
    const { hosts, wires } = this.spec;
    this.log.ip([
      ...hosts.map((host) => `netns add ${this.name(host)}`),
      ...wires.map((wire) => makeWire(wire, (host) => this.name(host))),
    ]);
    for (const { a, b, offloads } of wires) {
      for (const end of [a, b]) {
        this.inside(end.host, "sysctl", ...quieten(end));
        this.inside(end.host, "ethtool", ...setOffloads(end.device, offloads));
      }
    }
    for (const host of hosts) {
      const ends = wires.flatMap(({ a, b }) => [[a, b] as const, [b, a] as const]);
      const lines = ends.filter(([own]) => own.host === host).flatMap(([own, peer]) => setUpEnd(own, peer));
      this.log.ip(["link set lo up", ...lines], this.name(host));
    }
    for (const { a, b } of wires) {
      assertDelivery(this, a, b);
      assertDelivery(this, b, a);
      for (const end of [a, b]) waitForQuiet(this, end);
    }
  }

  /** A host's namespace name, as `ip netns` lists it. */
  name(host: string): string {
    if (!this.spec.hosts.includes(host)) {
      throw new RangeError(`Cannot find host ${host} -> this testbed has ${this.spec.hosts.join(", ")}`);
    }
    return `${this.prefix}-${host}`;
  }

  /** A host's namespace file, for `inNamespace`. */
  path(host: string): string {
    return `${NAMESPACE_FOLDER}/${this.name(host)}`;
  }

  /** An end of a wire. @param name its host, or its device where the host has several */
  end(name: string): EndSpec {
    return this.wireAt(name)[0];
  }

  /** The other end of that wire. */
  peer(name: string): EndSpec {
    return this.wireAt(name)[1];
  }

  private wireAt(name: string): readonly [EndSpec, EndSpec] {
    const ends = this.spec.wires.flatMap(({ a, b }) => [[a, b] as const, [b, a] as const]);
    const found = ends.find(([own]) => own.host === name) ?? ends.find(([own]) => own.device === name);
    if (found) return found;
    const devices = ends.map(([own]) => own.device).join(", ");
    throw new RangeError(
      `Cannot find a wire at ${name} -> this testbed's interfaces are ${devices || "none"}`,
    );
  }

  /** Runs a program to its end inside a host. @returns Its standard output. */
  inside(host: string, program: string, ...args: string[]): string {
    return this.log.run("nsenter", `--net=${this.path(host)}`, program, ...args);
  }

  /** Starts a program inside a host, in a process group of its own; its input stays open. It is ended with the testbed. */
  spawn(host: string, program: string, ...args: string[]): ChildProcess {
    const full = [`--net=${this.path(host)}`, program, ...args];
    this.log.lines.push(["nsenter", ...full, "&"].join(" "));
    return spawn("nsenter", full, { detached: true, stdio: "pipe" });
  }

  /** Makes an injector that is closed with the testbed. @param host where the frames leave from @param sequenceAt where each frame gets its number */
  injector(host: string, frame?: Uint8Array, sequenceAt?: number): Injector {
    return this.own(new Injector(this, host, frame, sequenceAt));
  }

  /** Closes something with the testbed, the last one first: a link, a program, a socket. @returns The same thing. */
  own<T extends { close(): void }>(resource: T): T {
    this.resources.push(resource);
    return resource;
  }

  /** What the kernel says of an end: MTU, queues, offloads, XDP mode, packet and drop counters. */
  facts(name: string): LinkFacts {
    const { device, host } = this.end(name);
    return linkFacts(this.path(host), device);
  }

  /** Every command that changed the machine so far, as a person would type it. */
  get commands(): readonly string[] {
    return this.log.lines;
  }

  /**
   * Removes namespaces, wires, what is attached to them and every process inside. A second call does nothing.
   *
   * @throws the first error of what is closed with it, once all the rest is closed and removed
   */
  close(): void {
    if (!this.open) return;
    this.open = false;
    forgetRemoval(this.removal);
    try {
      this.closeResources();
    } finally {
      removeNamespaces(this.spec.hosts.map((host) => this.name(host)));
    }
  }

  private closeResources(): void {
    const errors: unknown[] = [];
    for (const resource of this.resources.splice(0).reverse()) {
      try {
        resource.close();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

function isDenied(error: unknown): error is SysError {
  return error instanceof SysError && error.code === "EPERM";
}

function needsRoot({ hosts }: TestbedSpec, { call }: SysError): SysError {
  const what = `Cannot make network namespaces for hosts ${hosts.join(" and ")}`;
  const next = "start the notebooks as root (sudo npm start)";
  return new SysError(call, "EPERM", `${what}: Operation not permitted; that takes root -> ${next}`);
}
