// A JupyterHub of one's own, by the lab's own configuration, on ports and in a folder that nobody else uses.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { choosePort } from "ringside/jupyter";

const ROOT = resolve(import.meta.dirname, "../..");
const PASSWORD = "for this test alone";
const START_MS = 60_000;
const STOP_MS = 20_000;

export class OwnHub {
  private log = "";

  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.log = (this.log + text).slice(-20_000);
      });
    }
  }

  static async open(): Promise<OwnHub> {
    mkdirSync(join(ROOT, ".ringside"), { recursive: true });
    const folder = mkdtempSync(join(ROOT, `.ringside/hub-${process.pid}-`));
    const [port, hubPort, proxyPort] = [await choosePort(), await choosePort(), await choosePort()];
    const args = [
      "-f",
      join(ROOT, "vm/jupyterhub/jupyterhub_config.py"),
      `--JupyterHub.bind_url=http://127.0.0.1:${port}`,
      `--JupyterHub.hub_port=${hubPort}`,
      `--ConfigurableHTTPProxy.api_url=http://127.0.0.1:${proxyPort}`,
    ];
    const env = { ...process.env, RINGSIDE_HUB: folder, RINGSIDE_HUB_PASSWORD: PASSWORD };
    const child = spawn("/usr/bin/jupyterhub", args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const hub = new OwnHub(folder, port, child);
    await hub.answering();
    return hub;
  }

  private async answering(): Promise<void> {
    const deadline = performance.now() + START_MS;
    for (;;) {
      const answer = await fetch(`${this.address}hub/health`).catch(() => null);
      if (answer?.ok) return;
      if (this.child.exitCode !== null || performance.now() > deadline)
        throw new Error(`No hub: ${this.log}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}/`;
  }

  /** What the hub said last, for the message of a failure. */
  get said(): string {
    return this.log;
  }

  /** Signs in as the person would, and waits for the user's own server. */
  async enter(browser: Browser, name: string): Promise<Page> {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${this.address}hub/login`);
    await page.locator("#username_input").fill(name);
    await page.locator("#password_input").fill(PASSWORD);
    await page.locator("#login_submit").click();
    await page.waitForURL(`**/user/${name}/tree**`, { timeout: 60_000 });
    return page;
  }

  async close(): Promise<void> {
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGTERM");
    const late = new Promise((done) => setTimeout(done, STOP_MS));
    await Promise.race([ended, late]);
    if (this.child.exitCode === null) this.child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
