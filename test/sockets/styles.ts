// The same programs for both worlds: an echo server in the blocking and in the asynchronous style, and Node's HTTP server.
import { createServer, get } from "node:http";
import { AsyncSockets, BlockingSockets, StreamServer, StreamSocket, type World } from "ringside/sockets";
import { expect, test } from "vitest";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** @param tickMs what a turn of the event loop lets pass of the world's time */
export function styles(worldOf: () => World, tickMs: number): void {
  test("blocking calls: a connection, a question, an answer", () => {
    const world = worldOf();
    const [server, client] = [world.server, world.client].map((base) => new BlockingSockets(base, 5000));
    const listener = server!.base.socket("stream");
    server!.base.bind(listener, { address: world.serverAddress, port: 0 });
    server!.base.listen(listener, 1);
    const fd = client!.base.socket("stream");
    client!.connect(fd, server!.base.getsockname(listener));
    const accepted = server!.accept(listener);
    client!.send(fd, encode("question"));
    const into = new Uint8Array(64);
    const { length } = server!.receive(accepted.fd, into);
    server!.send(accepted.fd, into.subarray(0, length));
    expect(client!.receive(fd, into).length).toBe(8);
    expect(() => new BlockingSockets(client!.base, 20).receive(fd, into)).toThrow(/EAGAIN/);
    for (const open of [listener, accepted.fd]) server!.base.close(open);
    client!.base.close(fd);
  });

  test("asynchronous calls: fifty connections at once, each with its own answer", async () => {
    const world = worldOf();
    const server = new AsyncSockets(world.server, tickMs);
    const client = new AsyncSockets(world.client, tickMs);
    const echo = new StreamServer(server, (socket) => socket.pipe(socket)).listen({
      address: world.serverAddress,
      port: 0,
    });
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const socket = await StreamSocket.connect(client, echo.address()!);
        socket.end(`number ${i}`);
        let text = "";
        for await (const chunk of socket) text += chunk;
        return text;
      }),
    );
    expect(answers).toEqual(Array.from({ length: 50 }, (_, i) => `number ${i}`));
    await new Promise<void>((done) => echo.close(done));
  });

  test("Node's own HTTP server and client, neither of them changed", async () => {
    const world = worldOf();
    const client = new AsyncSockets(world.client, tickMs);
    const big = "x".repeat(300_000);
    const http = createServer((request, response) => response.end(`${request.method} ${request.url} ${big}`));
    const server = new StreamServer(new AsyncSockets(world.server, tickMs), (socket) =>
      http.emit("connection", socket),
    ).listen({ address: world.serverAddress, port: 0 });
    const socket = await StreamSocket.connect(client, server.address()!);
    const body = await new Promise<string>((resolve, reject) => {
      const request = get({ path: "/page", createConnection: () => socket as never }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve(text));
      });
      request.on("error", reject);
    });
    expect(body.length).toBe(10 + big.length);
    expect(body.startsWith("GET /page ")).toBe(true);
    socket.destroy();
    await new Promise<void>((done) => server.close(done));
  });

  test("a refused connection is an error, and leaves no descriptor", async () => {
    const world = worldOf();
    const client = new AsyncSockets(world.client, tickMs);
    const fd = world.server.socket("stream");
    world.server.bind(fd, { address: world.serverAddress, port: 0 });
    const at = world.server.getsockname(fd);
    world.server.close(fd);
    await expect(StreamSocket.connect(client, at)).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
}
