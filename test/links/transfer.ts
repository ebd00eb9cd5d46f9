// One stream between our stack and the kernel's sockets, hashed at both ends.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { driveStack } from "ringside/links";
import type { Testbed } from "ringside/net";
import { ipv4ToText } from "ringside/packet";
import type { Stack, TcpConnection } from "ringside/stack";
import { stream } from "./stream.mjs";

export interface Transfer {
  /** Who opens the connection. */
  opener: "ours" | "kernel";
  sender: "ours" | "kernel";
  bytes: number;
  limitMs: number;
}

export interface Transferred {
  /** "<bytes> <sha256>" at our end, and at the kernel's. */
  ours: string;
  kernel: string;
  seconds: number;
}

const KERNEL = { address: 0x0a000001, port: 7001 };
const OUR_PORT = 7002;

/** Runs it to both ends' end. The kernel's end is in host a. */
export async function transfer(testbed: Testbed, stack: Stack, spec: Transfer): Promise<Transferred> {
  const { opener, sender, bytes, limitMs } = spec;
  const listener = opener === "kernel" ? stack.listenTcp(OUR_PORT, 8) : null;
  const what = sender === "kernel" ? "send" : "receive";
  const place =
    opener === "kernel"
      ? ["connect", ipv4ToText(stack.address), `${OUR_PORT}`]
      : ["listen", "10.0.0.1", `${KERNEL.port}`];
  const peer = testbed.spawn(
    "a",
    process.execPath,
    join(import.meta.dirname, "kernel-peer.mjs"),
    ...place,
    what,
    `${bytes}`,
  );
  let output = "";
  for (const channel of [peer.stdout!, peer.stderr!]) channel.on("data", (text) => (output += text));
  let connection: TcpConnection | null = null;
  if (opener === "ours") {
    await until(
      stack,
      () => output.includes("listening"),
      10_000,
      () => output,
    );
    connection = stack.connectTcp(KERNEL);
  } else {
    await until(
      stack,
      () => listener!.acceptable > 0,
      10_000,
      () => output,
    );
    connection = listener!.accept()!;
  }
  const started = performance.now();
  const end = sender === "ours" ? sending(connection, bytes) : receiving(connection);
  await until(stack, end.step, limitMs, () => `${connection}, failure ${connection!.failure}, ${output}`);
  const seconds = (performance.now() - started) / 1000;
  connection.close();
  const report = (): boolean => /\d+ [0-9a-f]{64}/.test(output);
  await until(stack, report, 20_000, () => output);
  listener?.close();
  return { ours: end.report(), kernel: /\d+ [0-9a-f]{64}/.exec(output)![0], seconds };
}

async function until(
  stack: Stack,
  condition: () => boolean,
  limitMs: number,
  story: () => string,
): Promise<void> {
  if (!(await driveStack(stack, condition, limitMs))) throw new Error(`not in ${limitMs} ms: ${story()}`);
}

interface End {
  step(): boolean;
  report(): string;
}

/** Writes the stream and ends it; done when all of it, and the end, is acknowledged. */
function sending(connection: TcpConnection, bytes: number): End {
  const hash = createHash("sha256");
  const source = stream(bytes);
  let chunk = source.next();
  let at = 0;
  let sent = 0;
  return {
    step() {
      while (chunk !== null && connection.writable > 0) {
        const written = connection.write(chunk, at);
        at += written;
        sent += written;
        if (at < chunk.length) break;
        hash.update(chunk);
        chunk = source.next();
        at = 0;
        if (chunk === null) connection.shutdown();
      }
      return (
        connection.failure !== null || (chunk === null && connection.atEnd && connection.unacknowledged === 0)
      );
    },
    report: () => `${sent} ${hash.digest("hex")}`,
  };
}

/** Reads to the stream's end. */
function receiving(connection: TcpConnection): End {
  const hash = createHash("sha256");
  const into = new Uint8Array(65_536);
  let received = 0;
  return {
    step() {
      for (let got = connection.read(into); got > 0; got = connection.read(into)) {
        hash.update(into.subarray(0, got));
        received += got;
      }
      return connection.atEnd || connection.failure !== null;
    },
    report: () => `${received} ${hash.digest("hex")}`,
  };
}
