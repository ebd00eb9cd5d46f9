// What a thread leaves that was ended by force, and that its starter gives it back: all of it, once, and nothing else.
import { readFileSync, readlinkSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { AF_INET, close, giveBack, newHoldingsList, SOCK_DGRAM, socket } from "ringside/sys";
import { expect, test } from "vitest";

interface Told {
  readonly fd: number;
  readonly address: number;
  readonly programs: readonly number[];
}

/** What a descriptor is; nothing where it is closed. */
function kindOf(fd: number): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

/** Whether an address is in this process's memory. */
function isMapped(address: number): boolean {
  return readFileSync("/proc/self/maps", "utf8")
    .split("\n")
    .some((line) => {
      const [from, to] = line
        .split(" ")[0]!
        .split("-")
        .map((hex) => Number.parseInt(hex, 16));
      return address >= from! && address < to!;
    });
}

test("a thread that is ended leaves its socket, memory and programs to its starter, who gives them back", async () => {
  const holdings = newHoldingsList();
  const worker = new Worker(new URL("thread-that-holds.mjs", import.meta.url), { workerData: holdings });
  const told = await new Promise<Told>((resolve, reject) =>
    worker.once("message", resolve).once("error", reject),
  );
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  await worker.terminate();
  await ended;
  expect(kindOf(told.fd)).toMatch(/^socket:/);
  expect(isMapped(told.address)).toBe(true);
  expect(told.programs.map(kindOf)).toEqual(told.programs.map(() => "anon_inode:bpf-prog"));

  // One thing of each kind was kept; what the thread had closed is not given back a second time.
  expect(giveBack(holdings)).toBe(3);
  expect(kindOf(told.fd)).toBeUndefined();
  expect(isMapped(told.address)).toBe(false);
  expect(told.programs.map(kindOf)).toEqual(told.programs.map(() => undefined));

  // The number goes to the next who asks, and is not taken from him.
  const next = socket(AF_INET, SOCK_DGRAM, 0);
  expect(giveBack(holdings)).toBe(0);
  expect(kindOf(next)).toMatch(/^socket:/);
  close(next);
});

test("a thread that keeps no list writes nothing down", () => {
  const holdings = newHoldingsList();
  const fd = socket(AF_INET, SOCK_DGRAM, 0);
  expect(giveBack(holdings)).toBe(0);
  close(fd);
});
