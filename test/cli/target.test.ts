import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { targetFile, targetFolder, writeTarget } from "ringside/cli";
import { beforeEach, describe, expect, test } from "vitest";
import { workInScratch } from "../scratch.js";

workInScratch("target");

let number = 0;
beforeEach(() => {
  number++;
  mkdirSync(`work-${number}`);
  process.chdir(`work-${number}`);
  return () => process.chdir("..");
});

describe("a folder that an option names", () => {
  test("is made with those above it, and may be there already", () => {
    expect(targetFolder("--save", "a/b")).toBe(resolve("a/b"));
    expect(statSync("a/b").isDirectory()).toBe(true);
    expect(targetFolder("--save", "a/b")).toBe(resolve("a/b"));
  });

  test.each([
    ["run.html", "it is a file -> name a folder"],
    ["run.html/figures", "ENOTDIR -> name a folder that you can write to"],
    ["/proc/ringside", "ENOENT -> name a folder that you can write to"],
  ])("is refused before any work is done: %s", (typed, cause) => {
    writeFileSync("run.html", "a run");
    expect(() => targetFolder("--save", typed)).toThrow(new Error(`Cannot use --save ${typed}: ${cause}`));
    expect(readFileSync("run.html", "utf8")).toBe("a run");
  });
});

describe("a file that an option names", () => {
  test("gets its folder, and is not made before there is something to write", () => {
    expect(targetFile("--share", "mine/all.json")).toBe(resolve("mine/all.json"));
    expect(readdirSync("mine")).toEqual([]);
  });

  test("is refused where it is a folder", () => {
    mkdirSync("mine");
    expect(() => targetFile("--share", "mine")).toThrow(
      new Error("Cannot use --share mine: it is a folder -> name a file in it"),
    );
  });
});

describe("writing", () => {
  test("replaces what was there and leaves nothing beside it", () => {
    for (const text of ["old", "new"]) writeTarget(resolve("all.json"), text);
    expect(readFileSync("all.json", "utf8")).toBe("new");
    expect(readdirSync(".")).toEqual(["all.json"]);
  });

  test("keeps a link, and replaces what it leads to", () => {
    writeFileSync("all.json", "old");
    symlinkSync("all.json", "link.json");
    writeTarget(resolve("link.json"), "new");
    expect(readFileSync("all.json", "utf8")).toBe("new");
    expect(readdirSync(".")).toEqual(["all.json", "link.json"]);
  });

  test("into a device writes, and a device that is full says so", () => {
    writeTarget("/dev/null", "text");
    expect(() => writeTarget("/dev/full", "text")).toThrow(
      new Error("Cannot write /dev/full: ENOSPC -> the disk is full; free some space (df -h)"),
    );
    expect(statSync("/dev/full").isCharacterDevice()).toBe(true);
  });
});
