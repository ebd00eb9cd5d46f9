// A kernel that is lost while its websocket opens: the server goes away, or the kernel dies before it is heard for the first time.
// Both are said at once; @jupyterlab/services by itself says nothing of the first for 10 to 30 s.
import { EventEmitter } from "node:events";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import { attachKernel, choosePort } from "ringside/jupyter";
import { afterEach, expect, test } from "vitest";

const { joinChannels } = createRequire(import.meta.url)("../../kernels/jupyter/small/channels.cjs");

const SOON_MS = 5_000;
const SESSION = {
  ...{ id: "s", path: "x.ipynb", name: "x.ipynb", type: "notebook" },
  kernel: { id: "k", name: "ringside", execution_state: "idle", last_activity: "", connections: 0 },
};

let server: Server | undefined;
afterEach(() => server?.close());

/** A server that starts a kernel and ends, with all its connections, as the websocket is asked for. */
async function startShortLived(): Promise<string> {
  const short = createServer((request, response) => {
    request.resume();
    response.writeHead(201, { "Content-Type": "application/json" });
    response.end(JSON.stringify(SESSION));
  });
  short.on("upgrade", (_request, socket) => {
    socket.destroy();
    short.close();
    short.closeAllConnections();
  });
  server = short;
  await new Promise<void>((done) => short.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(short.address() as { port: number }).port}/`;
}

test("attaching fails soon where the server goes away while the websocket opens, and says what to do", async () => {
  const baseUrl = await startShortLived();
  const began = performance.now();
  await expect(attachKernel({ baseUrl, token: "t" }, "x.ipynb")).rejects.toThrow(
    /^Cannot attach to the kernel of x\.ipynb: .* -> restart the kernel/,
  );
  expect(performance.now() - began).toBeLessThan(SOON_MS);
});

test("the small server tells a kernel's death to a websocket that has not heard the kernel yet", async () => {
  const sent: { content: unknown }[] = [];
  const websocket = Object.assign(new EventEmitter(), {
    ...{ readyState: 1, OPEN: 1 },
    send: (text: string) => sent.push(JSON.parse(text)),
  });
  const ports = ["shell", "iopub", "stdin", "control"].map(async (name) => [
    `${name}_port`,
    await choosePort(),
  ]);
  const connection = { ...Object.fromEntries(await Promise.all(ports)), ip: "127.0.0.1", transport: "tcp" };
  const channel = joinChannels(websocket, { ...connection, key: "a-key" }, () => undefined);
  channel.tell({ execution_state: "dead" });
  websocket.emit("close");
  expect(sent.map(({ content }) => content)).toEqual([{ execution_state: "dead" }]);
});
