import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCapture } from "ringside/packet";
import { expect, test } from "vitest";

const DATASETS = new URL("../../datasets/", import.meta.url).pathname;
const MIXES = ["captures/course-mix.pcap", "captures/course-mix-nano.pcap", "captures/course-mix.pcapng"];

interface Entry {
  path: string;
  bytes: number;
  sha256: string;
  origin: object;
  licence: string;
}
const manifest = (): Entry[] => JSON.parse(readFileSync(join(DATASETS, "manifest.json"), "utf8")).files;

test("the manifest lists every data file, and no other", () => {
  const found = readdirSync(DATASETS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(DATASETS.length))
    .filter((path) => !/^[^/]+\.(md|mjs)$/.test(path) && path !== "manifest.json");
  expect(
    manifest()
      .map(({ path }) => path)
      .sort(),
  ).toEqual(found.sort());
});

test("the manifest tells the truth about every file, its origin and its licence", () => {
  for (const { path, bytes, sha256, origin, licence } of manifest()) {
    const file = readFileSync(join(DATASETS, path));
    expect(file.length, path).toBe(bytes);
    expect(createHash("sha256").update(file).digest("hex"), path).toBe(sha256);
    expect(Object.keys(origin).length, `${path} has no origin`).toBeGreaterThan(0);
    expect(licence, path).toMatch(/\S/);
  }
});

test("making the captures anew gives the same bytes and the same manifest", () => {
  const folder = mkdtempSync(join(tmpdir(), "ringside-captures-"));
  try {
    copyFileSync(join(DATASETS, "manifest.json"), join(folder, "manifest.json"));
    execFileSync(process.execPath, [join(DATASETS, "make-captures.mjs"), folder]);
    for (const path of [...MIXES, "manifest.json"]) {
      expect(readFileSync(join(folder, path)).equals(readFileSync(join(DATASETS, path))), path).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the three files hold the same packets, the first without nanoseconds", async () => {
  const [micro, nano, ng] = await Promise.all(
    MIXES.map(async (path) => (await readCapture(readFileSync(join(DATASETS, path)))).packets),
  );
  expect(ng).toEqual(nano);
  const cut = nano.map((packet) => ({
    ...packet,
    timestampNs: packet.timestampNs - (packet.timestampNs % 1000n),
  }));
  expect(micro).toEqual(cut);
});
