// A set rate: the injecting program waits for each frame inside few long calls.
import { Injector, Testbed, twoHosts } from "ringside/net";
import { allowedCpus, loadKernelObject, pinThread, threadId } from "ringside/sys";
import { startTrace } from "ringside/trace";
import { attachXdp, loadCounter } from "ringside/xdp";
import { afterEach, beforeEach, expect, test } from "vitest";

const cpus = allowedCpus();
let testbed: Testbed;
beforeEach(() => {
  testbed = Testbed.create(twoHosts());
  attachXdp(testbed, "b", loadCounter("DROP"));
  pinThread([cpus.at(-1)!]);
});
afterEach(() => {
  pinThread(cpus);
  testbed.close();
});

test("makes few calls at a set rate, for each leaves the kernel a pool of pages to take down", () => {
  const injector = testbed.injector("a");
  injector.prepare();
  const trace = startTrace({ syscalls: { tids: [threadId()] } });
  try {
    const { offered } = injector.injectNow(20_000, { ratePps: 100_000 });
    const { syscalls } = trace.stop();
    expect(offered).toBe(20_000);
    // Some hundred calls at most, and for each the schedule is written and the count is read; there were 4000.
    expect(syscalls.byName.bpf).toBeLessThan(1000);
  } finally {
    trace.stop();
  }
});

test.each([17, 100, 20_000])("offers exactly %d frames at a set rate, none before it is due", (frames) => {
  const ratePps = 50_000;
  const injection = testbed.injector("a").injectNow(frames, { ratePps });
  expect(injection).toMatchObject({ offered: frames, arrived: frames, lost: 0 });
  expect(injection.seconds).toBeGreaterThanOrEqual((frames - 1) / ratePps);
});

test("ends with its time, however many frames are overdue", () => {
  const injection = testbed.injector("a").injectNow(Number.POSITIVE_INFINITY, { ratePps: 1e9, seconds: 0.1 });
  expect(injection.offered).toBeGreaterThan(0);
  expect(injection.offered).toBeLessThan(1e8);
});

test("goes at full speed again after a load at a set rate", () => {
  const injector = testbed.injector("a");
  injector.injectNow(100, { ratePps: 1000 });
  expect(injector.injectNow(65_536, { ratePps: Number.POSITIVE_INFINITY })).toMatchObject({
    offered: 65_536,
    lost: 0,
  });
});

test("refuses a rate where the program keeps none", () => {
  const source = (): ReturnType<typeof loadKernelObject> => loadKernelObject("kv_client");
  const injector = testbed.own(new Injector(testbed, "a", undefined, undefined, source));
  expect(() => injector.injectNow(100, { ratePps: 1000 })).toThrow(
    /^Cannot inject at 1000 frames a second: this injector's program keeps no rate -> leave the rate out/,
  );
});
