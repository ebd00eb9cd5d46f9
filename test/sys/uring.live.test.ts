import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import {
  MESSAGE_HEADER_BYTES,
  readMessage,
  requests,
  type UringRequest,
  writeMessageHeader,
} from "ringside/ring";
import {
  AF_INET,
  bind,
  close,
  completed,
  connect,
  cpuOf,
  getSocketName,
  ipv4SocketAddress,
  libc,
  newPollingThread,
  openUring,
  pollingThreads,
  SOCK_DGRAM,
  SOCK_STREAM,
  send,
  socket,
  threadId,
  type Uring,
  type UringSpec,
} from "ringside/sys";
import { countDuring } from "ringside/trace";
import { afterEach, describe, expect, test } from "vitest";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const end of closing.splice(0).reverse()) end();
});

function open(spec: UringSpec): Uring {
  const uring = openUring(spec);
  closing.push(() => uring.close());
  return uring;
}

function openSocket(type = SOCK_DGRAM): number {
  const fd = socket(AF_INET, type, 0);
  closing.push(() => close(fd));
  return fd;
}

/** A UDP socket on the loopback, and one that is connected to it. */
function udpPair(): { receiver: number; sender: number } {
  const [receiver, sender] = [openSocket(), openSocket()];
  bind(receiver, ipv4SocketAddress("127.0.0.1", 0), "a port");
  connect(sender, getSocketName(receiver), "the receiver");
  return { receiver, sender };
}

function submit({ submissionRing }: Uring, ...list: [UringRequest, number][]): void {
  const first = submissionRing.reserve(list.length)!;
  list.forEach(([request, tag], i) => {
    submissionRing.write(first + i, request, tag);
  });
  submissionRing.submit(list.length);
}

function reap({ completionRing }: Uring): { tag: number; result: number; buffer: number; more: boolean }[] {
  const count = completionRing.peek();
  const found = Array.from({ length: count }, (_, i) => {
    const at = completionRing.cursor + i;
    const { tag, result } = completionRing.read(at);
    return { tag, result, buffer: completionRing.bufferId(at), more: completionRing.hasMore(at) };
  });
  completionRing.release(count);
  return found;
}

function until(what: string, holds: () => boolean): void {
  const deadline = performance.now() + 5000;
  while (!holds()) if (performance.now() > deadline) throw new Error(`waited 5 s for ${what}`);
}

describe("requests", () => {
  test("are answered each once, in batches, round the ring many times", () => {
    const uring = open({ entries: 8, deferred: true });
    const seen: number[] = [];
    for (let batch = 0; batch < 1000; batch++) {
      submit(
        uring,
        ...Array.from({ length: 8 }, (_, i): [UringRequest, number] => [requests.nop(), batch * 8 + i]),
      );
      expect(uring.submissionRing.reserve(1)).toBeNull();
      expect(uring.enter(8, 1000)).toBe(8);
      seen.push(...reap(uring).map(({ tag }) => tag));
    }
    expect(seen).toEqual(Array.from({ length: 8000 }, (_, i) => i));
  });

  test("cost one system call a batch, and none a request", async () => {
    const uring = open({ entries: 64, deferred: true });
    const list = Array.from({ length: 64 }, (_, i): [UringRequest, number] => [requests.nop(), i]);
    const { counts } = await countDuring({ syscalls: { tids: [threadId()] } }, () => {
      for (let batch = 0; batch < 100; batch++) {
        submit(uring, ...list);
        uring.enter(64);
        uring.completionRing.release(uring.completionRing.peek());
      }
    });
    expect(counts.syscalls.byName.io_uring_enter).toBe(100);
  });

  test("need no system call at all while the polling thread is awake, and one to wake it", async () => {
    const uring = open({ entries: 64, polledBy: { idleMs: 2000 } });
    let answered = 0;
    const round = (): void => {
      submit(uring, [requests.nop(), 1]);
      uring.wake();
      until("an answer", () => uring.completionRing.peek() > 0);
      answered += reap(uring).length;
    };
    round();
    const busy = await countDuring({ syscalls: { tids: [threadId()] } }, () => {
      for (let i = 0; i < 1000; i++) round();
    });
    expect(answered).toBe(1001);
    expect(busy.counts.syscalls.byName.io_uring_enter ?? 0).toBe(0);

    const sleepy = open({ entries: 8, polledBy: { idleMs: 1 } });
    until("the thread to sleep", () => sleepy.submissionRing.needsWakeup());
    submit(sleepy, [requests.nop(), 2]);
    expect(sleepy.completionRing.peek()).toBe(0);
    expect(sleepy.wake()).toBe(true);
    until("an answer", () => sleepy.completionRing.peek() === 1);
  });

  test("have a polling thread that is found once it has begun, each time anew", () => {
    for (let n = 0; n < 50; n++) {
      const before = pollingThreads();
      const uring = openUring({ entries: 8, polledBy: { idleMs: 1 } });
      const tid = newPollingThread(before, threadId());
      expect(cpuOf(tid)).toBeGreaterThanOrEqual(0);
      uring.close();
    }
  });

  test("end with the name of what went wrong", () => {
    const uring = open({ entries: 8 });
    submit(uring, [requests.read(-1, 0, 10), 1], [requests.recvMultishot(openSocket(), 99), 2]);
    uring.enter(2, 1000);
    const results = reap(uring).sort((a, b) => a.tag - b.tag);
    const say = (index: number) => () => completed(results[index]!.result, "read", "read descriptor -1");
    expect(say(0)).toThrow("Cannot read descriptor -1: read says EBADF");
    expect(say(1)).toThrow("ENOBUFS");
  });

  test("under way can be cancelled", () => {
    const uring = open({ entries: 8 });
    const { receiver } = udpPair();
    const memory = uring.map(4096);
    submit(uring, [requests.recv(receiver, memory.address, 100), 7]);
    uring.enter();
    expect(uring.completionRing.peek()).toBe(0);
    submit(uring, [requests.cancel(7), 8]);
    uring.enter(2, 1000);
    expect(
      reap(uring)
        .map(({ tag, result }) => [tag, result])
        .sort(),
    ).toEqual([
      [7, -125],
      [8, 0],
    ]);
  });

  test("wait no longer than they were told to", () => {
    const uring = open({ entries: 8 });
    const start = performance.now();
    expect(uring.enter(1, 5)).toBe(0);
    expect(performance.now() - start).toBeGreaterThan(4);
  });

  test("whose answers found no slot are kept by the kernel, and said to be", () => {
    const uring = open({ entries: 8, completions: 8 });
    for (let batch = 0; batch < 2; batch++) {
      submit(
        uring,
        ...Array.from({ length: 8 }, (_, i): [UringRequest, number] => [requests.nop(), batch * 8 + i]),
      );
      uring.enter();
    }
    expect(uring.hasOverflow).toBe(true);
    expect(reap(uring).length).toBe(8);
    uring.enter(0, 0);
    expect(reap(uring).map(({ tag }) => tag)).toEqual([8, 9, 10, 11, 12, 13, 14, 15]);
    expect([uring.hasOverflow, uring.lostCompletions]).toEqual([false, 0]);
  });
});

describe("registered", () => {
  test("files and buffers are named by their number", () => {
    const uring = open({ entries: 8 });
    const file = openSync("/proc/self/stat", "r");
    closing.push(() => closeSync(file));
    const memory = uring.map(4096);
    uring.registerFiles([file]);
    uring.registerBuffers([memory]);
    const plain = requests.read(file, memory.address, 4096, 0);
    submit(uring, [requests.onRegisteredFile(requests.onRegisteredBuffer(plain, 0), 0), 1]);
    uring.enter(1, 1000);
    const [answer] = reap(uring);
    const text = Buffer.from(
      memory.buffer,
      0,
      completed(answer!.result, "read", "read a registered file"),
    ).toString();
    expect(text).toMatch(new RegExp(`^${process.pid} `));
  });

  test("buffers that are given back take 20 000 datagrams without a gap", () => {
    const uring = open({ entries: 8, completions: 256, deferred: true });
    const { receiver, sender } = udpPair();
    const buffers = uring.provideBuffers(1, { count: 64, bufferBytes: 64 });
    const number = new Uint32Array(4);
    const packet = new Uint8Array(number.buffer);
    submit(uring, [requests.recvMultishot(receiver, 1), 1]);
    uring.enter();
    const words = new Uint32Array(buffers.bytes.buffer, 0, 64 * 16);
    const { completionRing } = uring;
    let next = 0;
    for (let burst = 0; burst < 20_000 / 32; burst++) {
      for (let i = 0; i < 32; i++) {
        number[0] = burst * 32 + i;
        send(sender, packet);
      }
      uring.enter(32, 1000);
      const count = completionRing.peek();
      buffers.take(count);
      const refill = buffers.reserve(count)!;
      for (let i = 0; i < count; i++) {
        const id = completionRing.bufferId(completionRing.cursor + i);
        expect(words[id * 16]).toBe(next++);
        buffers.write(refill + i, id);
      }
      buffers.submit(count);
      completionRing.release(count);
    }
    expect(next).toBe(20_000);
  });
});

describe("one request with many answers", () => {
  test("ends with ENOBUFS when the buffers are out, and goes on when it is submitted again", () => {
    const uring = open({ entries: 8 });
    const { receiver, sender } = udpPair();
    const buffers = uring.provideBuffers(3, { count: 4, bufferBytes: 32 });
    submit(uring, [requests.recvMultishot(receiver, 3), 1]);
    uring.enter();
    for (let i = 0; i < 6; i++) send(sender, Uint8Array.of(i));
    uring.enter(5, 1000);
    const answers = reap(uring);
    expect(answers.map(({ result, buffer, more }) => [result, buffer, more])).toEqual([
      [1, 0, true],
      [1, 1, true],
      [1, 2, true],
      [1, 3, true],
      [-105, -1, false],
    ]);
    expect(() => completed(answers[4]!.result, "recv", "receive")).toThrow("ENOBUFS");
    buffers.take(4);
    buffers.fill();
    submit(uring, [requests.recvMultishot(receiver, 3), 2]);
    uring.enter(2, 1000);
    const rest = reap(uring);
    expect(rest.map(({ result, buffer }) => [result, buffers.bytes[buffers.offsetOf(buffer)]])).toEqual([
      [1, 4],
      [1, 5],
    ]);
  });

  test("brings each message's sender with it", () => {
    const uring = open({ entries: 8 });
    const { receiver, sender } = udpPair();
    const room = { nameBytes: 16, controlBytes: 0 };
    const header = uring.map(MESSAGE_HEADER_BYTES);
    writeMessageHeader(new DataView(header.buffer), room);
    const buffers = uring.provideBuffers(4, { count: 4, bufferBytes: 256 });
    submit(uring, [requests.recvmsgMultishot(receiver, header.address, 4), 1]);
    uring.enter();
    send(sender, Uint8Array.of(1, 2, 3));
    uring.enter(1, 1000);
    const { result, buffer } = reap(uring)[0]!;
    const bytes = new DataView(buffers.bytes.buffer);
    const message = readMessage(bytes, buffers.offsetOf(buffer), result, room);
    const from = buffers.bytes.slice(message.nameAt, message.nameAt + message.nameBytes);
    expect(from).toEqual(getSocketName(sender));
    expect([...buffers.bytes.subarray(message.payloadAt, message.payloadAt + message.payloadBytes)]).toEqual([
      1, 2, 3,
    ]);
  });

  test("accepts every connection", () => {
    const uring = open({ entries: 8 });
    const listener = openSocket(SOCK_STREAM);
    bind(listener, ipv4SocketAddress("127.0.0.1", 0), "a port");
    expect(libc.declare("int listen(int fd, int backlog)")(listener, 16)).toBe(0);
    submit(uring, [requests.acceptMultishot(listener), 1]);
    uring.enter();
    for (let i = 0; i < 5; i++) connect(openSocket(SOCK_STREAM), getSocketName(listener), "the listener");
    uring.enter(5, 1000);
    const answers = reap(uring);
    for (const { result } of answers) close(completed(result, "accept", "accept a connection"));
    expect(answers.map(({ more }) => more)).toEqual([true, true, true, true, true]);
  });
});

describe("an io_uring", () => {
  test("needs a size that is a power of two for its rings, and says so", () => {
    expect(() => openUring({ entries: 100_000 })).toThrow("make an io_uring of 100000 entries");
    expect(() => openUring({ entries: 8, polledBy: { idleMs: 1 }, deferred: true })).toThrow("EINVAL");
  });

  test("leaves no descriptor behind, and views of it outlive it", () => {
    const before = readdirSync("/proc/self/fd").length;
    for (let i = 0; i < 20; i++) openUring({ entries: 8 }).close();
    expect(readdirSync("/proc/self/fd").length).toBe(before);
    const uring = openUring({ entries: 8 });
    const { words } = uring.submissionRing.memory;
    words[0] = 1;
    uring.close();
    uring.close();
    expect(words[0]).toBe(0);
    expect(() => uring.enter()).toThrow("Cannot use this io_uring: it is closed");
    expect(() => uring.completionRing.peek()).toThrow("it is closed");
  });

  test("ends with its process: no thread stays, and its socket is free again", async () => {
    const child = spawn(process.execPath, [new URL("./child-with-uring.mjs", import.meta.url).pathname], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout!, "data")) as [Buffer];
    const port = Number(line);
    const threads = readdirSync(`/proc/${child.pid}/task`).map((tid) =>
      readFileSync(`/proc/${child.pid}/task/${tid}/comm`, "utf8").trim(),
    );
    expect(threads).toContain(`iou-sqp-${child.pid}`);
    child.kill("SIGKILL");
    await once(child, "exit");
    until("the port to be free", () => {
      const fd = socket(AF_INET, SOCK_DGRAM, 0);
      try {
        bind(fd, ipv4SocketAddress("127.0.0.1", port), "the same port");
        return true;
      } catch {
        return false;
      } finally {
        close(fd);
      }
    });
    const left = readdirSync("/proc").filter(
      (entry) => /^\d+$/.test(entry) && nameOf(entry) === `iou-sqp-${child.pid}`,
    );
    expect(left).toEqual([]);
  });
});

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}
