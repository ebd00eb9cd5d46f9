import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { Testbed, type TwoHostsOptions, twoHosts } from "ringside/net";
import { inNamespace, interfaceIndex } from "ringside/sys";
import { attachXdp, loadXdp } from "ringside/xdp";
import { afterEach, describe, expect, test } from "vitest";
import { bpfIdsOf, isRunning, namedAfter, remaining, until } from "./leftovers.js";

const open: Testbed[] = [];
const make = (options: TwoHostsOptions = {}): Testbed => {
  const testbed = Testbed.create(twoHosts(options));
  open.push(testbed);
  return testbed;
};
afterEach(() => {
  for (const testbed of open.splice(0)) testbed.close();
  expect(namedAfter(process.pid).namespaces).toEqual([]);
});
const ours = (): string[] => namedAfter(process.pid).namespaces;

describe("a testbed", () => {
  test("is what its spec says, by the kernel's own words at both ends", () => {
    const testbed = make({ queues: 2, mtu: 1400 });
    for (const host of ["a", "b"]) {
      expect(testbed.facts(host)).toMatchObject({
        device: `veth-${host}`,
        mtu: 1400,
        rxQueues: 2,
        xdp: "none",
        offloads: ["generic-receive-offload"],
      });
    }
  });

  test.each([{ ipv6: false }, { ipv6: true }])("carries ping both ways with %o", ({ ipv6 }) => {
    const testbed = make({ ipv6 });
    for (const [host, target] of [
      ["a", ipv6 ? "fd00::2" : "10.0.0.2"],
      ["b", ipv6 ? "fd00::1" : "10.0.0.1"],
    ] as const) {
      expect(testbed.inside(host, "ping", "-c", "1", "-W", "2", target)).toContain(" 1 received");
    }
  });

  test("has carried nothing but the eight probe frames each way", () => {
    const testbed = make();
    expect([testbed.facts("a").rxPackets, testbed.facts("b").rxPackets]).toEqual([8, 8]);
  });

  test("can be entered by this thread", () => {
    const testbed = make();
    expect(inNamespace(testbed.path("a"), () => interfaceIndex("veth-a"))).toBeGreaterThan(1);
    expect(() => interfaceIndex("veth-a")).toThrow(/ENODEV/);
  });

  test("stands beside another one of the same process, and both come and go twice", () => {
    for (let round = 0; round < 2; round++) {
      const pair = [make(), make()];
      expect(ours()).toHaveLength(4);
      for (const testbed of pair) testbed.close();
      expect(ours()).toEqual([]);
    }
  });

  test("shows every command, ready to be typed", () => {
    const { commands } = make();
    expect(commands[0]).toMatch(/^ip netns add rs-\d+-\w+-\w+-a$/);
    expect(commands.some((line) => /^ip link add name veth-a .* type veth peer name veth-b/.test(line))).toBe(
      true,
    );
    expect(commands.some((line) => /^nsenter --net=\S+ ethtool -K veth-b gro on/.test(line))).toBe(true);
  });

  test("takes programs, links and processes with it when it is closed", async () => {
    const testbed = make();
    attachXdp(testbed, "b", loadXdp("drop"));
    const child = testbed.spawn("b", "sleep", "600");
    const ended = once(child, "exit");
    await until("sleep to be inside", () => isRunning(child.pid!));
    const held = bpfIdsOf(process.pid);
    expect(held.links.length).toBe(1);
    testbed.close();
    expect(await ended).toEqual([null, "SIGKILL"]);
    await until("programs and links to go", () => remaining(held).programs.length === 0);
    expect(remaining(held).links).toEqual([]);
  });

  test("leaves nothing when making it fails half way", () => {
    const spec = twoHosts();
    const twice = ["10.0.0.1/24", "10.0.0.1/24"];
    const wire = spec.wires[0]!;
    const broken = { ...spec, wires: [{ ...wire, a: { ...wire.a, addresses: twice } }] };
    expect(() => Testbed.create(broken)).toThrow(
      /^Cannot run `ip -n .* address add 10\.0\.0\.1\/24 dev veth-a`: /,
    );
    expect(ours()).toEqual([]);
  });

  test("cannot be made without ip, and says how to get it", () => {
    const path = process.env.PATH;
    process.env.PATH = "/nowhere";
    try {
      expect(() => Testbed.create(twoHosts())).toThrow(
        "Cannot use ip: it needs this program; found none on the PATH -> run `sh vm/provision.sh run`",
      );
    } finally {
      process.env.PATH = path;
    }
  });

  test("cannot be made without root, and says so", () => {
    // A child without capabilities: Debian 13's Node.js takes no other user while io_uring may be on.
    const child = `import { Testbed, twoHosts } from "ringside/net"; Testbed.create(twoHosts());`;
    const { stderr } = spawnSync(
      "setpriv",
      ["--bounding-set=-all", "--inh-caps=-all", process.execPath, "--input-type=module", "-e", child],
      { encoding: "utf8" },
    );
    expect(stderr).toContain(
      "Cannot make network namespaces for hosts a and b: Operation not permitted; that takes root -> start the notebooks as root (sudo npm start)",
    );
  });

  test("closes all that it owns, the last one first, though some of it fails, and says the first failure", () => {
    const testbed = Testbed.create(twoHosts());
    const closed: string[] = [];
    testbed.own({ close: () => void closed.push("first") });
    for (const name of ["second", "third"]) {
      testbed.own({
        close() {
          closed.push(name);
          throw new Error(`${name} fails`);
        },
      });
    }
    expect(() => testbed.close()).toThrow("third fails");
    expect(closed).toEqual(["third", "second", "first"]);
    expect(ours()).toEqual([]);
  });

  test("names its hosts and interfaces when asked for another", () => {
    const testbed = make();
    expect(() => testbed.path("c")).toThrow("Cannot find host c -> this testbed has a, b");
    expect(() => testbed.end("veth-c")).toThrow(
      "Cannot find a wire at veth-c -> this testbed's interfaces are veth-a, veth-b",
    );
    expect(testbed.peer("veth-b").device).toBe("veth-a");
  });
});
