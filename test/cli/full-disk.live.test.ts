// A disk of 8 KiB, in a mount namespace of its own: it is gone with the shell that made it.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const MAIN = resolve("lab/dist/cli/main.js");
const RECORDING = resolve("datasets/measurements/epyc-linux-6.18.json");
const SCRIPT = `mount -t tmpfs -o size=8k ringside-full /mnt && cd /mnt && echo before > a.svg && node "$1" compare "$2" "$2" --save a.svg >/dev/null
echo "left with $?: $(ls) is $(cat a.svg)"`;

test("a disk that is full is one line, and spares the file that was to be replaced", () => {
  const { stdout, stderr } = spawnSync("unshare", ["--mount", "sh", "-c", SCRIPT, "sh", MAIN, RECORDING], {
    encoding: "utf8",
  });
  expect(stderr).toBe("Cannot write /mnt/a.svg: ENOSPC -> the disk is full; free some space (df -h)\n");
  expect(stdout).toBe("left with 1: a.svg is before\n");
});
