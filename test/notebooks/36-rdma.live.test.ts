import { measure, outcomeOf, predict } from "ringside/measure";
import { rdmaHere } from "ringside/sys";
import { expect, test } from "vitest";

const { available, reason, next } = rdmaHere();

test.skipIf(!available)(
  `a target that is stopped is written and read (${reason})`,
  { timeout: 300_000 },
  async () => {
    const messages = 20;
    const params = { messages, guess: predict(0, "calls") };
    const { ways, refusals } = outcomeOf(await measure.rdmaEvents(params));
    expect(ways.map(({ name, arrived, packets }) => [name, arrived, packets])).toEqual([
      ["RDMA write", messages, 2 * messages],
      ["RDMA read", messages, 2 * messages],
      ["UDP, and its echo", messages, 2 * messages],
    ]);
    const [write, read, udp] = ways;
    for (const way of [write!, read!]) {
      expect([way.targetCalls, way.targetSwitches, way.ourCalls.write]).toEqual([{}, 0, messages]);
      expect(way.softirqs).toBeGreaterThan(0);
    }
    expect(udp!.targetCalls).toEqual({ recvfrom: messages, sendto: messages });
    expect(refusals.map(({ status, changed }) => [status, changed])).toEqual([
      ["remote access error", 0],
      ["remote access error", 0],
    ]);
  },
);

test.skipIf(available)(
  "where there is no RDMA the VM's counts are shown, and what is missing, and what to do",
  async () => {
    const result = await measure.rdmaEvents({ guess: predict(0, "calls") });
    expect(result).toMatchObject({
      status: "ok",
      recorded: { name: expect.stringContaining("emulated by QEMU"), because: reason, next },
      environment: { emulated: true },
    });
    const [write] = outcomeOf(result).ways;
    expect([write!.targetCalls, write!.targetSwitches, write!.ourCalls.write]).toEqual([
      {},
      0,
      write!.messages,
    ]);
  },
);
