// Writes the course's captures: the same bytes every time, from the seed in make/common.mjs.
//   npm run captures            builds the library and writes them here
//   node datasets/make-captures.mjs [folder]
// What each file holds, and why, is in make/.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { writePcap, writePcapng } from "ringside/packet";
import { SEED } from "./make/common.mjs";
import { courseMix } from "./make/course-mix.mjs";
import { dns } from "./make/dns.mjs";
import { fragments, ipv6, vlan } from "./make/kinds.mjs";
import { imix, minimumFlood } from "./make/load.mjs";
import { malformed } from "./make/malformed.mjs";
import { tcpLife, tcpLoss } from "./make/tcp-life.mjs";

const COMMAND = "npm run captures";
const NANO = { resolution: 1e9 };
const mix = courseMix();
const files = {
  "captures/course-mix.pcap": writePcap(mix),
  "captures/course-mix-big.pcap": writePcap(mix, { order: "big" }),
  "captures/course-mix-nano.pcap": writePcap(mix, { ...NANO, order: "big" }),
  "captures/course-mix-nano-little.pcap": writePcap(mix, NANO),
  "captures/course-mix.pcapng": writePcapng(mix, NANO),
  "captures/course-mix-big.pcapng": writePcapng(mix, { ...NANO, order: "big" }),
  "captures/tcp-life.pcap": writePcap(tcpLife()),
  "captures/tcp-loss.pcap": writePcap(tcpLoss()),
  "captures/dns.pcap": writePcap(dns()),
  "captures/imix.pcap": writePcap(imix()),
  "captures/minimum-flood.pcap": writePcap(minimumFlood(), NANO),
  "captures/vlan.pcap": writePcap(vlan()),
  "captures/ipv6.pcap": writePcap(ipv6()),
  "captures/fragments.pcap": writePcap(fragments()),
  "captures/malformed.pcap": writePcap(malformed()),
};

const folder = process.argv[2] ?? dirname(fileURLToPath(import.meta.url));
const manifestPath = join(folder, "manifest.json");
const known = existsSync(manifestPath) ? JSON.parse(readFileSync(manifestPath, "utf8")).files : [];
const others = known.filter((entry) => !(entry.path in files));
const own = Object.entries(files).map(([path, bytes]) => ({
  path,
  bytes: bytes.length,
  sha256: createHash("sha256").update(bytes).digest("hex"),
  origin: { command: COMMAND, seed: SEED },
  licence: "Apache-2.0",
}));
mkdirSync(join(folder, "captures"), { recursive: true });
for (const [path, bytes] of Object.entries(files)) writeFileSync(join(folder, path), bytes);
const entries = [...others, ...own].sort((x, y) => (x.path < y.path ? -1 : 1));
writeFileSync(manifestPath, `${JSON.stringify({ files: entries }, null, 2)}\n`);
const total = own.reduce((sum, { bytes }) => sum + bytes, 0);
console.log(`wrote ${own.length} captures, ${total} bytes, to ${folder}`);
