import { followFlows, Stand, sendByCpu, steerPackets } from "ringside/connections";
import { Testbed, twoHosts } from "ringside/net";
import { allowedCpus } from "ringside/sys";
import { afterAll, beforeAll, expect, test } from "vitest";

const cpus = allowedCpus().slice(0, 2);
let testbed: Testbed;

beforeAll(() => {
  testbed = Testbed.create(twoHosts({ queues: 2 }));
}, 30_000);
afterAll(() => testbed?.close());

/** What a queue's switch says, as the host itself sees it. */
function read(file: string): string {
  const path = `/sys/class/net/veth-b/queues/${file}`;
  return testbed.inside("b", "ip", "netns", "exec", testbed.name("b"), "cat", path).trim();
}

test("the switches of every queue are set, and taken back", () => {
  steerPackets(testbed, "b", [0]);
  expect([read("rx-0/rps_cpus"), read("rx-1/rps_cpus")].map((mask) => Number.parseInt(mask, 16))).toEqual([
    1, 1,
  ]);
  steerPackets(testbed, "b", []);
  expect(Number.parseInt(read("rx-0/rps_cpus"), 16)).toBe(0);
  followFlows(testbed, "b", 256);
  expect(read("rx-1/rps_flow_cnt")).toBe("256");
  followFlows(testbed, "b", 0);
  expect(read("rx-1/rps_flow_cnt")).toBe("0");
});

test.runIf(cpus.length === 2)(
  "RPS moves the receiving half of a connection to the CPU that it is told",
  {
    timeout: 30_000,
  },
  async () => {
    for (const end of ["a", "b"]) sendByCpu(testbed, end, cpus);
    const stand = await Stand.open(testbed, { servers: cpus, clients: cpus });
    try {
      const load = { connections: 100, requests: 1, ratePerSecond: null, window: 4 };
      const way = { design: "oneByOne", sharing: "perCore", selection: "ebpf", asksCore: true } as const;
      const accepted = async (): Promise<number[]> =>
        (await stand.run({ ...way, ...load })).servers.map((server) => server.accepted);
      expect(await accepted()).toEqual([100, 100]);
      steerPackets(testbed, "b", [cpus[1]!]);
      expect(await accepted()).toEqual([0, 200]);
    } finally {
      await stand.close();
    }
  },
);
