// One kernel: its process, its connection file and its five ports. It is started like Jupyter starts it, so the kernel
// cannot tell the difference.
"use strict";
const { spawn } = require("node:child_process");
const { randomBytes, randomUUID } = require("node:crypto");
const { EventEmitter, once } = require("node:events");
const { mkdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { createServer } = require("node:net");
const { join } = require("node:path");
const { setTimeout: delay } = require("node:timers/promises");
const { KERNEL_NAME, writeKernelspec } = require("../kernelspec.cjs");

const PORTS = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"];
/** How long a kernel may take to remove what it made. */
const END_GRACE_MS = 2_000;

/** Ports that are free now. All are held until the last is known, so that no two are the same. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = [];
  for (const server of servers) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    ports.push(server.address().port);
  }
  await Promise.all(servers.map((server) => once(server.close(), "close")));
  return ports;
}

function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by now.
  }
}

/** Emits `died` when the process ends and nobody had asked it to. */
class KernelProcess extends EventEmitter {
  /** @param {string} folder where connection files are kept; @param {string} cwd where the kernel runs */
  constructor(folder, cwd) {
    super();
    this.id = randomUUID();
    this.folder = folder;
    this.cwd = cwd;
    this.file = join(folder, `kernel-${this.id}.json`);
  }

  async start() {
    const ports = await freePorts(PORTS.length);
    this.connection = {
      ...Object.fromEntries(PORTS.map((name, index) => [name, ports[index]])),
      ip: "127.0.0.1",
      transport: "tcp",
      key: randomBytes(24).toString("hex"),
      signature_scheme: "hmac-sha256",
      kernel_name: KERNEL_NAME,
    };
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    writeFileSync(this.file, JSON.stringify(this.connection), { mode: 0o600 });
    const spec = JSON.parse(
      readFileSync(join(writeKernelspec(), "kernels", KERNEL_NAME, "kernel.json"), "utf8"),
    );
    const [command, ...args] = spec.argv.map((word) => word.replace("{connection_file}", this.file));
    // A process group of its own: an interrupt is meant for the kernel and the helpers that share its group.
    this.child = spawn(command, args, {
      cwd: this.cwd,
      detached: true,
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, JPY_PARENT_PID: String(process.pid) },
    });
    const { child } = this;
    this.ended = once(child, "exit").catch(() => undefined);
    void this.ended.then(() => {
      if (this.child === child) this.emit("died");
    });
  }

  interrupt() {
    this.#signal("SIGINT");
  }

  /** Ends the process and waits until it is gone. */
  async stop() {
    const { child, ended } = this;
    this.child = undefined;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      // The kernel lets its cells remove what they made, and ends.
      process.kill(child.pid, "SIGTERM");
      const gone = await Promise.race([ended.then(() => true), delay(END_GRACE_MS, false)]);
      if (!gone) killGroup(child.pid);
      await ended;
    }
    rmSync(this.file, { force: true });
  }

  #signal(name) {
    try {
      process.kill(-this.child.pid, name);
    } catch {
      // It has ended already.
    }
  }
}

module.exports = { KernelProcess };
