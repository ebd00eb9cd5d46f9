// Jupyter tells the kernel which ports to listen on, and lets go of them just before: another program may be quicker.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const LAUNCHER = resolve(import.meta.dirname, "../../kernels/jupyter/launch.cjs");
const CHANNELS = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"];

let folder: string;
let taken: Server;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringside-ports-"));
  taken = createServer();
  await new Promise<void>((done) => taken.listen(0, "127.0.0.1", done));
});
afterEach(() => {
  taken.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(CHANNELS)(
  "a kernel whose %s is taken ends and says why, so that Jupyter tries others",
  async (channel) => {
    const free = await freePorts(CHANNELS.length);
    const ports = Object.fromEntries(CHANNELS.map((name, i) => [name, free[i]]));
    ports[channel] = (taken.address() as AddressInfo).port;
    const file = join(folder, "connection.json");
    writeFileSync(file, JSON.stringify({ ...ports, transport: "tcp", ip: "127.0.0.1", key: "k" }));
    const { status, stderr } = spawnSync(process.execPath, [LAUNCHER, "--connection-file", file], {
      encoding: "utf8",
      timeout: 30_000,
    });
    expect(stderr).toMatch(/Cannot listen for Jupyter: .*in use.* -> wait: Jupyter tries again/);
    expect(status).toBe(1);
  },
  40_000,
);

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    ports.push((server.address() as AddressInfo).port);
  }
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
