import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { packages } from "./packages.js";

const ROOT = resolve(import.meta.dirname, "../..");

function shellScripts(): string[] {
  const scripts = readdirSync(join(ROOT, "vm")).filter((file) => file.endsWith(".sh"));
  return [...scripts.map((file) => `vm/${file}`), ".ci/run"];
}

describe("the set-up scripts", () => {
  test("pass shellcheck", () => {
    const found = spawnSync("shellcheck", shellScripts(), { cwd: ROOT, encoding: "utf8" });
    expect(found.error).toBeUndefined();
    expect(found.stdout).toBe("");
  });

  test("are POSIX sh, since a fresh machine's sh is dash", () => {
    const first = shellScripts().map((file) => readFileSync(join(ROOT, file), "utf8").split("\n")[0]);
    expect(first.filter((line) => line !== "#!/bin/sh" && line !== "#!/usr/bin/env bash")).toEqual([]);
  });

  test("say how they are used when asked for a group that there is not", () => {
    const found = spawnSync("sh", ["vm/provision.sh", "everything"], { cwd: ROOT, encoding: "utf8" });
    expect(found.status).toBe(2);
    expect(found.stderr).toBe("Usage: vm/provision.sh [run|test|bench]\n");
  });
});

describe("vm/packages.txt", () => {
  test("gives each package a group, a name on each system, and a why", () => {
    for (const entry of packages()) {
      expect(["run", "test", "bench"]).toContain(entry.group);
      expect(entry.name).toMatch(/^[a-z0-9][a-z0-9.+-]+$/);
      expect(entry.ubuntu).toMatch(/^(=|-|[a-z0-9][a-z0-9.+-]+)$/);
      expect(entry.why.length, entry.name).toBeGreaterThan(10);
    }
  });

  test("names no package twice", () => {
    const names = packages().map((entry) => entry.name);
    expect(new Set(names).size).toBe(names.length);
  });

  test("lists nothing that no file of the project calls", () => {
    const tracked = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
      cwd: ROOT,
      encoding: "utf8",
    })
      .trim()
      .split("\n")
      .filter((file) => /\.(ts|c|h|py|json|sh)$|^\.ci\/run$/.test(file) && file !== "package-lock.json")
      .filter((file) => !file.startsWith("test/vm/"));
    const text = tracked.map((file) => readFileSync(join(ROOT, file), "utf8")).join("\n");
    expect(
      packages()
        .filter((entry) => !entry.usedAs.test(text))
        .map((entry) => entry.name),
    ).toEqual([]);
  });
});
