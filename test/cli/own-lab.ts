// A clone of the clone: tests start and stop a lab of their own, and leave one that a person runs alone.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class OwnLab {
  readonly folder: string = mkdtempSync(join(tmpdir(), "ringside-test-cli-"));

  constructor() {
    mkdirSync(join(this.folder, "lab"));
    cpSync(join(ROOT, "lab/dist"), join(this.folder, "lab/dist"), { recursive: true });
    cpSync(join(ROOT, "lab/package.json"), join(this.folder, "lab/package.json"));
    mkdirSync(join(this.folder, "notebooks"));
    for (const name of ["kernels", "node_modules"]) symlinkSync(join(ROOT, name), join(this.folder, name));
  }

  /** Runs `ringside` with these words to its end. */
  run(...words: string[]): Ran {
    const main = join(this.folder, "lab/dist/cli/main.js");
    return spawnSync(process.execPath, [main, ...words], {
      cwd: this.folder,
      encoding: "utf8",
      timeout: 60_000,
    });
  }

  remove(): void {
    this.run("stop");
    rmSync(this.folder, { recursive: true });
  }
}

/** True where the process has ended; one that its parent has not looked at yet has, too. */
export function isGone(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}

/** Waits until the condition holds. @throws Error after that many seconds */
export async function until(condition: () => boolean, what: string, seconds = 10): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited ${seconds} s in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
