import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRecording } from "ringside/measure";
import { type CapturePacket, describeFrame, readCapture } from "ringside/packet";
import { expect, test } from "vitest";

const DATASETS = new URL("../../datasets/", import.meta.url).pathname;
/** The same packets in every form that a capture file has: first those with microseconds. */
const MICRO = ["captures/course-mix.pcap", "captures/course-mix-big.pcap"];
const NANO = [
  "captures/course-mix-nano.pcap",
  "captures/course-mix-nano-little.pcap",
  "captures/course-mix.pcapng",
  "captures/course-mix-big.pcapng",
];

interface Entry {
  path: string;
  bytes: number;
  sha256: string;
  origin: object;
  licence: string;
  machine?: object;
}
const manifest = (): Entry[] => JSON.parse(readFileSync(join(DATASETS, "manifest.json"), "utf8")).files;

test("the manifest lists every data file, and no other", () => {
  const found = readdirSync(DATASETS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(DATASETS.length))
    .filter((path) => !/^[^/]+\.(md|mjs)$|^make\//.test(path) && path !== "manifest.json");
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
    const captures = manifest().filter(({ path }) => path.startsWith("captures/"));
    expect(captures.length).toBeGreaterThan(12);
    for (const path of [...captures.map((entry) => entry.path), "manifest.json"]) {
      expect(readFileSync(join(folder, path)).equals(readFileSync(join(DATASETS, path))), path).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("every recorded run names its machine and holds what its manifest says", () => {
  const runs = manifest().filter(({ path }) => path.startsWith("measurements/"));
  expect(runs.length).toBeGreaterThan(0);
  for (const { path, machine, origin } of runs) {
    const recording = parseRecording(readFileSync(join(DATASETS, path), "utf8"), path);
    const { kernel, cpuModel, commandLine } = recording.environment;
    expect(machine, path).toMatchObject({ name: recording.name, kernel, cpu: cpuModel });
    expect(origin).toMatchObject({
      date: recording.date,
      command: expect.stringContaining("ringside record"),
    });
    expect(recording.results.length, path).toBeGreaterThan(recording.notebooks.length);
    expect(`${commandLine} ${JSON.stringify(recording.results)}`).not.toMatch(
      /root=|\/home\/|\/work\/|\/tmp\//,
    );
  }
});

const packetsOf = async (path: string): Promise<CapturePacket[]> =>
  (await readCapture(readFileSync(join(DATASETS, path)))).packets;

test("the mix is the same packets in every form, where the clock is coarse without nanoseconds", async () => {
  const exact = await packetsOf(NANO[0]!);
  for (const path of NANO) expect(await packetsOf(path), path).toEqual(exact);
  const coarse = exact.map((packet) => ({
    ...packet,
    timestampNs: packet.timestampNs - (packet.timestampNs % 1000n),
  }));
  for (const path of MICRO) expect(await packetsOf(path), path).toEqual(coarse);
});

test("every capture of one kind has the problems that it is about, and the sound ones have none", async () => {
  const problems = async (name: string): Promise<number> =>
    (await packetsOf(`captures/${name}.pcap`)).filter(({ bytes }) => describeFrame(bytes).problems.length > 0)
      .length;
  for (const name of ["tcp-life", "tcp-loss", "dns", "imix", "minimum-flood", "vlan", "ipv6", "fragments"]) {
    expect(await problems(name), name).toBe(0);
  }
  // The other eight are wrong only for those who think: a TTL of 0, a packet to itself, flags that exclude each other.
  expect(await problems("malformed")).toBeGreaterThan(17);
});

test("the smallest packets come at 10 Gbit/s, and a dozen of the mix of sizes is 7, 4 and 1", async () => {
  const flood = await packetsOf("captures/minimum-flood.pcap");
  const span = Number(flood.at(-1)!.timestampNs - flood[0]!.timestampNs);
  expect(span / (flood.length - 1)).toBeCloseTo(67.2, 1);
  const lengths = (await packetsOf("captures/imix.pcap")).map(({ bytes }) => bytes.length);
  for (let at = 0; at < lengths.length; at += 12) {
    const dozen = lengths.slice(at, at + 12);
    expect([60, 590, 1514].map((length) => dozen.filter((other) => other === length).length)).toEqual([
      7, 4, 1,
    ]);
  }
});
