import { Worker } from "node:worker_threads";
import {
  AF_INET,
  bind,
  close,
  EAGAIN,
  errnoName,
  getSocketName,
  ipv4SocketAddress,
  type Mapping,
  MSG_DONTWAIT,
  mapAnonymous,
  POLLIN,
  PREPARED_CALL_BYTES,
  PreparedCall,
  SOCK_DGRAM,
  send,
  socket,
  unmap,
} from "ringside/sys";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const BYTES_AT = 2 * PREPARED_CALL_BYTES;
let fd = 0;
let memory: Mapping;
let bytes: Uint8Array;

beforeEach(() => {
  fd = socket(AF_INET, SOCK_DGRAM, 0);
  bind(fd, ipv4SocketAddress("127.0.0.1", 0), "a UDP port");
  memory = mapAnonymous(4096);
  bytes = new Uint8Array(memory.buffer, BYTES_AT, 64);
});
afterEach(() => {
  vi.unstubAllGlobals();
  close(fd);
  unmap(memory);
});

const receive = (): PreparedCall =>
  new PreparedCall("recvfrom", [fd, memory.address + BYTES_AT, 64, MSG_DONTWAIT, 0, 0], memory);

/** A machine of which no call's number is known. */
function elsewhere(): void {
  vi.stubGlobal("process", Object.create(process, { arch: { value: "elsewhere" } }));
}

describe.each([
  ["straight to the kernel", () => {}],
  ["through the C library", elsewhere],
])("a call that was prepared, %s", (_, stub) => {
  beforeEach(stub);

  test("answers with the kernel's result and fills the memory that its arguments point to", () => {
    const call = receive();
    send(fd, Uint8Array.of(7, 8, 9), getSocketName(fd));
    expect(call.run()).toBe(3);
    expect([...bytes.subarray(0, 4)]).toEqual([7, 8, 9, 0]);
  });

  test("answers with the error's number below 0, each time anew", () => {
    const call = receive();
    expect([call.run(), call.run()]).toEqual([-EAGAIN, -EAGAIN]);
    send(fd, Uint8Array.of(1), getSocketName(fd));
    expect([call.run(), call.run()]).toEqual([1, -EAGAIN]);
  });

  test("takes another argument from then on", () => {
    const call = receive();
    for (let i = 0; i < 3; i++) send(fd, new Uint8Array(5), getSocketName(fd));
    expect(call.run()).toBe(5);
    call.set(2, 2);
    expect([call.run(), call.run()]).toEqual([2, 2]);
    call.set(0, -1);
    expect(errnoName(call.run())).toBe("EBADF");
  });

  test("lies beside another one without disturbing it", () => {
    const entry = new Int32Array(memory.buffer, 3072, 2);
    entry.set([fd, POLLIN]);
    const call = receive();
    const poll = new PreparedCall("poll", [memory.address + 3072, 1, 0], memory, PREPARED_CALL_BYTES);
    expect([poll.run(), call.run()]).toEqual([0, -EAGAIN]);
    send(fd, new Uint8Array(4), getSocketName(fd));
    expect([poll.run(), entry[1]! >>> 16, call.run(), poll.run()]).toEqual([1, POLLIN, 4, 0]);
  });
});

test("two threads make their own calls at the same time", async () => {
  const call = receive();
  const worker = new Worker(new URL("thread-with-calls.mjs", import.meta.url));
  let theirs: unknown;
  const ended = new Promise((resolve, reject) => worker.once("exit", resolve).once("error", reject));
  worker.once("message", (answers) => {
    theirs = answers;
  });
  while (theirs === undefined) {
    for (let i = 0; i < 1000; i++) expect(call.run()).toBe(-EAGAIN);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(theirs).toEqual([0, 0, 0, 0, 0]);
  await ended;
});
