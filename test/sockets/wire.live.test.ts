// Our library on one side of a real wire, over AF_XDP, and Linux on the other: whoever is judged, the other has to agree.
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { promisify } from "node:util";
import { machineClock, openLiveStack } from "ringside/links";
import {
  AsyncSockets,
  judgeSentence,
  type LiveWorld,
  liveWorld,
  type Sentence,
  StackSockets,
  StreamServer,
  type StreamSocket,
  sentences,
} from "ringside/sockets";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);

describe.each(["server", "client"] as const)("our library as the %s of Linux", (side) => {
  let world: LiveWorld;
  beforeAll(() => {
    world = liveWorld(side);
  });
  afterAll(() => world?.close());
  test.each(sentences.map((sentence): [string, Sentence] => [sentence.sentence, sentence]))(
    "%s",
    (_, sentence) => {
      expect(judgeSentence(sentence, world).trouble).toBeNull();
    },
  );
});

test("curl in the kernel's namespace fetches a page from Node's HTTP server on our TCP", async () => {
  const { testbed, stack, close } = openLiveStack();
  const connections: StreamSocket[] = [];
  try {
    const sockets = new AsyncSockets(
      new StackSockets(stack, { nowMs: () => machineClock.nowMs(), pump: () => void stack.poll() }),
    );
    const address = testbed.end("b").addresses[0]!.split("/")[0]!;
    const body = "x".repeat(1_000_000);
    const http = createServer((request, response) => response.end(`${request.url} ${body}`));
    const server = new StreamServer(sockets, (socket) => {
      connections.push(socket);
      http.emit("connection", socket);
    }).listen({
      address,
      port: 80,
    });
    const curl = [
      "nsenter",
      `--net=${testbed.path("a")}`,
      "curl",
      "--silent",
      "--show-error",
      "--max-time",
      "20",
    ];
    const url = `http://${address}/page`;
    const { stdout } = await run(curl[0]!, [...curl.slice(1), url, url], { maxBuffer: 1 << 23 });
    expect(stdout.length).toBe(2 * (6 + body.length));
    expect(stdout.startsWith("/page xxx")).toBe(true);
    expect(stack.counters.framesIn).toBeGreaterThan(100);
    server.close();
  } finally {
    for (const connection of connections) connection.destroy();
    close();
  }
});
