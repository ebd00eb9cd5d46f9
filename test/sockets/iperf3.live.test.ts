// iperf3, unmodified, in the kernel's namespace, and our TCP at the other end of its test.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type LiveStack, machineClock, openLiveStack } from "ringside/links";
import { AsyncSockets, Iperf3Server, StackSockets } from "ringside/sockets";
import { expect, onTestFinished, test } from "vitest";

const run = promisify(execFile);
const BYTES = 16 << 20;

interface Sum {
  readonly bytes: number;
}

function open(): { live: LiveStack; server: Iperf3Server; iperf3: (...args: string[]) => Promise<string> } {
  const live = openLiveStack();
  onTestFinished(() => live.close());
  const { testbed, stack } = live;
  const time = { nowMs: () => machineClock.nowMs(), pump: () => void stack.poll() };
  const address = testbed.end("b").addresses[0]!.split("/")[0]!;
  const server = new Iperf3Server(new AsyncSockets(new StackSockets(stack, time)), { address, port: 5201 });
  onTestFinished(() => server.close());
  const iperf3 = async (...args: string[]): Promise<string> => {
    const words = [
      `--net=${testbed.path("a")}`,
      "iperf3",
      "-c",
      address,
      "--connect-timeout",
      "5000",
      ...args,
    ];
    return (await run("nsenter", words, { timeout: 60_000 })).stdout;
  };
  return { live, server, iperf3 };
}

test.each([
  { way: "sends", options: [], reverse: false },
  { way: "is sent to", options: ["-R"], reverse: true },
  { way: "sends on three connections", options: ["-P", "3"], reverse: false },
])("iperf3 $way, and says of our end what our end counted", async ({ options, reverse }) => {
  const { live, server, iperf3 } = open();
  const { end } = JSON.parse(await iperf3("-J", "-n", `${BYTES}`, ...options)) as {
    end: { sum_sent: Sum; sum_received: Sum };
  };
  expect(server.failure).toBeNull();
  expect(server.reports).toHaveLength(1);
  const [report] = server.reports;
  expect(report!.reverse).toBe(reverse);
  const ours = report!.streamBytes.reduce((sum, bytes) => sum + bytes);
  expect((reverse ? end.sum_sent : end.sum_received).bytes).toBe(ours);
  expect((reverse ? end.sum_received : end.sum_sent).bytes).toBeGreaterThanOrEqual(BYTES);
  expect(end.sum_received.bytes).toBeLessThanOrEqual(end.sum_sent.bytes);
  expect(end.sum_received.bytes).toBeGreaterThan(BYTES / 2); // what was on its way when the test ended is not counted
  const text = live.stack.counters[reverse ? "framesOut" : "framesIn"] * 1460;
  expect(text).toBeGreaterThanOrEqual(end.sum_received.bytes);
  expect(live.stack.counters.drops).toMatchObject({ tcpChecksum: 0, ipChecksum: 0, tcpMalformed: 0 });
});

test("what it does not do it refuses in iperf3's own words, and serves the next client", async () => {
  const { server, iperf3 } = open();
  await expect(iperf3("-u", "-n", "1M")).rejects.toThrow(/not implemented/i);
  expect(server.failure?.message).toMatch(/UDP/);
  expect(await iperf3("-n", "1M")).toMatch(/receiver/);
  expect(server.reports).toHaveLength(1);
});
