import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

function run(
  command: string,
  args: readonly string[],
): { status: number | null; output: string; seconds: number } {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: "utf8" });
  return { status, output: stdout + stderr, seconds: (performance.now() - started) / 1000 };
}

/** Runs a shell line in a mount namespace of its own, where `path` shows `content`. */
function withFile(path: string, content: string, line: string): ReturnType<typeof run> {
  const folder = mkdtempSync(join(tmpdir(), "ringside-vm-"));
  try {
    const fake = join(folder, "fake");
    writeFileSync(fake, content);
    return run("unshare", ["--mount", "sh", "-c", `mount --bind "${fake}" "${path}" && ${line}`]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("provisioning", () => {
  test("says nothing and costs next to nothing when nothing is missing", () => {
    const { status, output, seconds } = run("sh", ["vm/provision.sh", "bench"]);
    expect({ status, output }).toEqual({ status: 0, output: "" });
    expect(seconds).toBeLessThan(1);
  });

  test("with the npm packages and the build takes less than two seconds the second time", () => {
    // npm test has just done the first; repeating npm ci here would take the packages from under this very test.
    const stamp = resolve(ROOT, "node_modules/.ringside-lock.json");
    expect(existsSync(stamp) && readFileSync(stamp, "utf8")).toBe(
      readFileSync(resolve(ROOT, "package-lock.json"), "utf8"),
    );
    run("sh", ["vm/build.sh"]);
    const second = run("sh", ["vm/setup.sh", "test"]);
    expect({ status: second.status, output: second.output }).toEqual({ status: 0, output: "" });
    expect(second.seconds).toBeLessThan(2);
  });

  test("refuses a distribution whose package names it does not know, and says what to do instead", () => {
    const { status, output } = withFile(
      "/etc/os-release",
      "ID=fedora\nVERSION_ID=43\n",
      "sh vm/provision.sh run",
    );
    expect(status).toBe(1);
    expect(output).toMatch(/^Cannot install the lab's packages: this is fedora 43; .* -> install what .*\n$/);
  });

  test("says that the disk is full before it downloads anything", () => {
    const folder = mkdtempSync(join(tmpdir(), "ringside-vm-"));
    try {
      cpSync(join(ROOT, "vm"), folder, { recursive: true });
      writeFileSync(join(folder, "packages.txt"), "run hello = a small package that nobody has\n");
      const archives = "/var/cache/apt/archives";
      const full = `mount -t tmpfs -o size=16k none ${archives} && mkdir ${archives}/partial`;
      const { status, output } = run("unshare", [
        "--mount",
        "sh",
        "-c",
        `${full} && sh "${folder}/provision.sh"`,
      ]);
      expect(status).toBe(1);
      expect(output).toContain("  hello\n");
      expect(output).toMatch(/the disk is full -> free some space .*\n$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("fetches newer package lists where the old ones no longer fit what is installed", () => {
    const folder = mkdtempSync(join(tmpdir(), "ringside-vm-"));
    try {
      cpSync(join(ROOT, "vm"), folder, { recursive: true });
      writeFileSync(join(folder, "packages.txt"), "run hello = a small package that nobody has\n");
      const words = "E: Unable to correct problems, you have held broken packages."; // apt 2.6
      const aptGet = `#!/bin/sh
case " $* " in
  *" update "*) touch "${folder}/updated" ;;
  *) [ -e "${folder}/updated" ] || { echo "${words}"; exit 100; } ;;
esac
`;
      writeFileSync(join(folder, "apt-get"), aptGet, { mode: 0o755 });
      const { status, output } = run("sh", ["-c", `PATH="${folder}:$PATH" sh "${folder}/provision.sh"`]);
      expect({ status, output }).toMatchObject({ status: 0 });
      expect(output).toContain("Fetching newer package lists\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("knows Ubuntu 24.04 by its own names", () => {
    const { status, output } = withFile(
      "/etc/os-release",
      "ID=ubuntu\nVERSION_ID=24.04\n",
      "PATH=/nowhere:$PATH sh vm/provision.sh run",
    );
    expect({ status, output }).toEqual({ status: 0, output: "" });
  });
});
