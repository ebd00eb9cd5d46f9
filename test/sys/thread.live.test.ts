import { execFileSync } from "node:child_process";
import { readdirSync, readlinkSync, statSync } from "node:fs";
import { NotSupportedError } from "ringside/base";
import { allowedCpus, currentCpu, inNamespace, libc, nativeLibrary, pinThread, threadId } from "ringside/sys";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const NAMES = [`ringside-thread-${process.pid}-a`, `ringside-thread-${process.pid}-b`];
const [PATH, OTHER] = NAMES.map((name) => `/run/netns/${name}`) as [string, string];
const here = (): string => readlinkSync("/proc/thread-self/ns/net");

beforeAll(() => {
  for (const name of NAMES) execFileSync("ip", ["netns", "add", name]);
});
afterAll(() => {
  for (const name of NAMES) execFileSync("ip", ["netns", "del", name]);
});

describe("a thread in another namespace", () => {
  test("is there while the function runs, and home after it", () => {
    const home = here();
    const there = inNamespace(PATH, here);
    expect(there).toBe(`net:[${statSync(PATH).ino}]`);
    expect(there).not.toBe(home);
    expect(here()).toBe(home);
  });

  test("is home after a throw, and the throw goes on", () => {
    const home = here();
    expect(() =>
      inNamespace(PATH, () => {
        throw new Error("inside");
      }),
    ).toThrow("inside");
    expect(here()).toBe(home);
  });

  test("refuses an async function, and is home all the same", () => {
    const home = here();
    expect(() => inNamespace(PATH, async () => 1)).toThrow(TypeError);
    expect(here()).toBe(home);
  });

  test("nests, and unwinds one by one", () => {
    const home = here();
    const inner = inNamespace(PATH, () => [inNamespace(OTHER, here), here()]);
    expect(inner).toEqual([`net:[${statSync(OTHER).ino}]`, `net:[${statSync(PATH).ino}]`]);
    expect(here()).toBe(home);
  });

  test("passes on that the namespace is gone, or no namespace at all", () => {
    const home = here();
    expect(() => inNamespace("/run/netns/no-such-name", here)).toThrow("ENOENT");
    expect(() => inNamespace("/etc/hostname", here)).toThrow(
      expect.objectContaining({ call: "setns", code: "EINVAL" }),
    );
    expect(here()).toBe(home);
  });

  test("leaves no namespace's descriptor open, even after throws", () => {
    for (let i = 0; i < 20; i++) {
      inNamespace(PATH, here);
      expect(() => inNamespace("/etc/hostname", here)).toThrow();
    }
    const targets = readdirSync("/proc/self/fd").map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return "closed since"; // the descriptor that listed the folder
      }
    });
    expect(targets.filter((target) => target.startsWith("net:["))).toEqual([]);
  });
});

describe("a thread and its CPU", () => {
  test("runs where it is pinned", () => {
    const before = allowedCpus();
    const last = before.at(-1)!;
    try {
      pinThread([last]);
      expect(allowedCpus()).toEqual([last]);
      expect(currentCpu()).toBe(last);
    } finally {
      pinThread(before);
    }
    expect(allowedCpus()).toEqual(before);
  });

  test("cannot be pinned to no CPU, or to a CPU that is not there", () => {
    expect(() => pinThread([])).toThrow(
      expect.objectContaining({ call: "sched_setaffinity", code: "EINVAL" }),
    );
    expect(() => pinThread([1023])).toThrow("pin thread 0 to CPU 1023");
  });

  test("has the id that the kernel shows", () => {
    expect(readlinkSync("/proc/thread-self")).toBe(`${process.pid}/task/${threadId()}`);
  });
});

describe("native libraries", () => {
  test("are opened at their first call, so a missing one costs nothing until then", () => {
    const missing = nativeLibrary("libno-such-thing.so.7", "install it").declare("int f()");
    expect(() => missing()).toThrow(NotSupportedError);
    expect(() => missing()).toThrow(/libno-such-thing\.so\.7.*-> install it$/);
  });

  test("call C functions by prototype", () => {
    expect(libc.declare("int getpid()")()).toBe(process.pid);
  });
});
