import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { PROGRAMS, packages } from "./packages.js";

const ROOT = resolve(import.meta.dirname, "../..");

/** The project's own files, as git knows them, whose names match. */
function projectFiles(pattern: RegExp): string[] {
  return execFileSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: ROOT, encoding: "utf8" })
    .trim()
    .split("\n")
    .filter((file) => pattern.test(file) && existsSync(join(ROOT, file)));
}

const STARTS = [
  /\b(?:spawn|execFile)\w*(?:\)|\(execFile\))?\(\s*"([^"]+)",\s*\[/g,
  /\brun\(\s*"([a-z/]+)",\s*\[/g,
  /\binside\([^,()]+,\s*"([^"]+)"/g,
  /\bspawn\("\w",\s*"([^"]+)"/g,
];

/** Programs that a file starts by name. */
function startedIn(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return STARTS.flatMap((start) => [...text.matchAll(start)].map((match) => match[1]!));
}

function shellScripts(): string[] {
  const files = readdirSync(join(ROOT, "vm"), { recursive: true, encoding: "utf8" });
  const scripts = files.filter((file) => file.endsWith(".sh"));
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
    expect(found.stderr).toBe("Usage: vm/provision.sh [run|test|bench|vm|test-vm]\n");
  });
});

describe("vm/packages.txt", () => {
  test("gives each package a group, a name on each system, and a why", () => {
    for (const entry of packages()) {
      for (const group of entry.group.split(","))
        expect(["run", "test", "bench", "vm", "test-vm"]).toContain(group);
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
    const text = projectFiles(/\.(ts|c|h|py|json|sh)$|^\.ci\/run$/)
      .filter((file) => file !== "package-lock.json" && !file.startsWith("test/vm/"))
      .map((file) => readFileSync(join(ROOT, file), "utf8"))
      .join("\n");
    expect(
      packages()
        .filter((entry) => !entry.usedAs.test(text))
        .map((entry) => entry.name),
    ).toEqual([]);
  });

  test("brings every program that the lab or a test starts", () => {
    const listed = new Set(packages().map((entry) => entry.name));
    const started = [...new Set(projectFiles(/^(lab\/src|test)\/.*\.(ts|mjs)$/).flatMap(startedIn))];
    expect(started).toContain("bpftool");
    const missing = started.filter((program) => {
      const brought = PROGRAMS[program];
      return brought === undefined || (brought !== null && !listed.has(brought));
    });
    expect(missing).toEqual([]);
  });
});
