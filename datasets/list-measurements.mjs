// Writes the entries of measurements/ into the manifest: what ran, on which kernel and processor, when, and by which command.
//   npx ringside record --all --to datasets/measurements/NAME.json && node datasets/list-measurements.mjs

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseRecording } from "ringside/measure";

const folder = dirname(fileURLToPath(import.meta.url));
const manifestPath = join(folder, "manifest.json");

function entryOf(name) {
  const path = `measurements/${name}`;
  const text = readFileSync(join(folder, path), "utf8");
  const { name: machine, date, command, environment } = parseRecording(text, path);
  const { kernel, cpuModel, cpuCount, hypervisor } = environment;
  return {
    path,
    bytes: Buffer.byteLength(text),
    sha256: createHash("sha256").update(text).digest("hex"),
    origin: { command: `${command} --to datasets/${path}`, date },
    machine: { name: machine, kernel, cpu: cpuModel, cpus: cpuCount, hypervisor },
    licence: "Apache-2.0",
  };
}

const others = JSON.parse(readFileSync(manifestPath, "utf8")).files.filter(({ path }) => !path.startsWith("measurements/"));
const own = readdirSync(join(folder, "measurements")).filter((name) => name.endsWith(".json")).map(entryOf);
const entries = [...others, ...own].sort((x, y) => (x.path < y.path ? -1 : 1));
writeFileSync(manifestPath, `${JSON.stringify({ files: entries }, null, 2)}\n`);
console.log(`${own.length} recordings listed`);
