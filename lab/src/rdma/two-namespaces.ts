// Each end in a network namespace of its own, as two machines would be: the course's usual testbed, and a device on either interface. The
// devices themselves have names for the whole machine, and are opened from any namespace (`rdma system`: netns shared).
import { existsSync } from "node:fs";
import { nextNamePrefix, Testbed, twoHosts } from "../net/index.js";
import { patient, RDMA_DEVICES } from "../sys/index.js";
import type { RdmaEnd, RdmaPlace } from "./end.js";

const HOSTS = ["a", "b"] as const;
const GONE_WITHIN_MS = 2000;

/** A testbed with RDMA. */
export class TwoNamespaces implements RdmaPlace {
  readonly near: RdmaEnd;
  readonly far: RdmaEnd;
  private readonly testbed: Testbed = Testbed.create(twoHosts());

  constructor() {
    const serial = nextNamePrefix().split("-").at(-1);
    const [near, far] = HOSTS.map((host) => this.endAt(host, serial!));
    [this.near, this.far] = [near!, far!];
    try {
      for (const [at, { device, netdev }] of [this.near, this.far].entries())
        this.testbed.inside(HOSTS[at]!, "rdma", "link", "add", device, "type", "rxe", "netdev", netdev);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  private endAt(host: string, serial: string): RdmaEnd {
    const { device: netdev, addresses } = this.testbed.end(host);
    const device = `rs${process.pid.toString(36)}x${serial}${host}`;
    return { device, netdev, address: addresses[0]!.split("/")[0]!, namespace: this.testbed.path(host) };
  }

  get commands(): readonly string[] {
    return this.testbed.commands;
  }

  /** The kernel takes a namespace away a little after its name; an open device holds it up, and this does not wait for that. */
  close(): void {
    this.testbed.close();
    const isThere = ({ device }: RdmaEnd): boolean => existsSync(`${RDMA_DEVICES}/${device}`);
    const never = new Int32Array(new SharedArrayBuffer(4));
    const deadline = performance.now() + patient(GONE_WITHIN_MS);
    while ([this.near, this.far].some(isThere) && performance.now() < deadline) Atomics.wait(never, 0, 0, 5);
  }
}
