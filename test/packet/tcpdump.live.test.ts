import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  buildFrame,
  type CapturePacket,
  describeFrame,
  IPV4_FLAG,
  type PacketToWrite,
  readCapture,
  writePcap,
  writePcapng,
} from "ringside/packet";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { frameSpec } from "./arbitraries.js";

const CAPTURES = new URL("../../datasets/captures/", import.meta.url).pathname;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ringside-tcpdump-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `tcpdump -r` on a file; its chatter on standard error is dropped. */
function tcpdump(file: string, ...options: string[]): Buffer {
  return execFileSync("tcpdump", ["-r", file, "-nn", ...options], { stdio: ["ignore", "pipe", "ignore"] });
}

/** What tcpdump prints for each packet: one entry per packet, its indented lines included. */
function linesOf(file: string, ...options: string[]): string[] {
  const text = tcpdump(file, "-tt", ...options).toString();
  return text.split(/\n(?=\d+\.\d+ )/).map((entry) => entry.trimEnd());
}

/** The packets of a file that tcpdump prints: for one of no bytes at all it prints neither time nor bytes. */
const read = async (file: string): Promise<CapturePacket[]> =>
  (await readCapture(readFileSync(file))).packets.filter(({ bytes }) => bytes.length > 0);
const isNot8023 = ({ bytes }: CapturePacket): boolean =>
  bytes.length < 14 || bytes[12]! * 256 + bytes[13]! >= 1536;

/** Whether the packet is untagged IPv4 and says that it is a piece of another. */
function isIpv4Fragment({ bytes }: CapturePacket): boolean {
  const { layers, fields } = describeFrame(bytes);
  const value = (name: string): number => Number(fields.find((field) => field.name === name)?.value ?? 0);
  if (layers[1]?.name !== "ipv4") return false;
  return value("ipv4.fragmentOffset") > 0 || (value("ipv4.flags") & IPV4_FLAG.moreFragments) !== 0;
}
const layerNames = (packet: CapturePacket): string[] =>
  describeFrame(packet.bytes).layers.map(({ name }) => name);

/** Our verdict and tcpdump's on the checksum of a UDP or TCP segment; null where one of the two gives none. */
function verdicts(packet: CapturePacket, line: string): { ours: string; theirs: string } | null {
  const theirs = /sum ok|\(correct\)/.test(line)
    ? "right"
    : /bad udp cksum|\(incorrect/.test(line)
      ? "wrong"
      : null;
  const text =
    describeFrame(packet.bytes).layers.find(({ name }) => name === "udp" || name === "tcp")?.text ?? "";
  const ours = /checksum (right|wrong)/.exec(text)?.[1] ?? null;
  return ours === null || theirs === null ? null : { ours, theirs };
}

const MIX = { right: 20, wrong: 1, ports: 20 };
/** Every capture of the course, and how many checksums and ports the two must at least have compared in it. */
const EXPECTED: Readonly<Record<string, { right: number; wrong: number; ports: number }>> = {
  "course-mix.pcap": MIX,
  "course-mix-big.pcap": MIX,
  "course-mix-nano.pcap": MIX,
  "course-mix-nano-little.pcap": MIX,
  "course-mix.pcapng": MIX,
  "course-mix-big.pcapng": MIX,
  "tcp-life.pcap": { right: 14, wrong: 0, ports: 14 },
  "tcp-loss.pcap": { right: 28, wrong: 0, ports: 28 },
  "dns.pcap": { right: 15, wrong: 0, ports: 0 }, // tcpdump prints the message in place of "UDP"
  "imix.pcap": { right: 48, wrong: 0, ports: 48 },
  "minimum-flood.pcap": { right: 256, wrong: 0, ports: 256 },
  "vlan.pcap": { right: 7, wrong: 0, ports: 1 },
  "ipv6.pcap": { right: 5, wrong: 0, ports: 2 },
  "fragments.pcap": { right: 0, wrong: 0, ports: 5 },
  "malformed.pcap": { right: 3, wrong: 2, ports: 6 },
};

test("tcpdump is asked about every capture of the course", () => {
  expect(readdirSync(CAPTURES).sort()).toEqual(Object.keys(EXPECTED).sort());
});

describe.each(Object.entries(EXPECTED))("tcpdump and we on %s", (name, least) => {
  const file = CAPTURES + name;

  test("see the same packets at the same nanosecond", async () => {
    const packets = await read(file);
    const times = linesOf(file, "--time-stamp-precision=nano").map((line) =>
      line.split(" ", 1)[0].replace(".", ""),
    );
    expect(packets.map(({ timestampNs }) => String(timestampNs))).toEqual(times);
  });

  test("see the same bytes", async () => {
    const hex = linesOf(file, "-xx").map((entry) =>
      [...entry.matchAll(/^\t0x[0-9a-f]{4}: {2}(.*)$/gm)]
        .map(([, part]) => part.replaceAll(" ", ""))
        .join(""),
    );
    const packets = await read(file);
    expect(packets.map(({ bytes }) => Buffer.from(bytes).toString("hex"))).toEqual(hex);
  });

  test("see the same lengths on the wire, unless the link's own headers are cut", async () => {
    // Of IEEE 802.3 it prints the length that the frame announces, not the one it had.
    const theirs = linesOf(file, "-e")
      .filter((line) => !line.includes(", 802.3, "))
      .map((line) => /^[^,]* > [^,]*, [^:]*length (\d+):/.exec(line)?.[1]);
    for (const [index, { bytes, originalLength }] of (await read(file)).filter(isNot8023).entries()) {
      if (theirs[index] === undefined) expect(bytes.length, `packet ${index}`).toBeLessThan(18);
      else expect(`packet ${index}: ${originalLength}`).toBe(`packet ${index}: ${theirs[index]}`);
    }
  });

  test.each([
    ["arp", "arp"],
    ["vlan", "vlan"],
    ["ip and ip[6:2] & 0x3fff != 0", "a fragment"],
  ])("count the same packets under the filter %s", async (filter, what) => {
    const lines = tcpdump(file, filter).toString().trimEnd().split("\n");
    const count = lines[0] === "" ? 0 : lines.filter((line) => /^\d/.test(line)).length;
    const ours = (await read(file)).filter((packet) =>
      what === "a fragment" ? isIpv4Fragment(packet) : layerNames(packet)[1] === what,
    );
    expect(ours.length).toBe(count);
  });

  test("judge the same checksums right and wrong", async () => {
    const packets = await read(file);
    const pairs = linesOf(file, "-vv").map((line, index) => verdicts(packets[index], line));
    const judged = pairs.filter((pair) => pair !== null);
    expect(judged.map(({ ours }) => ours)).toEqual(judged.map(({ theirs }) => theirs));
    const count = (verdict: string): number => judged.filter(({ ours }) => ours === verdict).length;
    expect(count("right")).toBeGreaterThanOrEqual(least.right);
    expect(count("wrong")).toBeGreaterThanOrEqual(least.wrong);
  });

  test("read the same addresses and ports", async () => {
    const packets = await read(file);
    let compared = 0;
    for (const [index, line] of linesOf(file).entries()) {
      const match = / IP6? (\S+)\.(\d+) > (\S+)\.(\d+): (?:UDP|Flags)/.exec(line);
      const { fields } = describeFrame(packets[index].bytes);
      const value = (key: string): string | undefined =>
        fields.find((field) => field.name.endsWith(key))?.value;
      if (match === null || fields.some((field) => field.layer === "vlan")) continue;
      const ip = fields.filter((field) => /^ipv[46]\.(source|destination)$/.test(field.name));
      if (ip.length < 2 || value(".sourcePort") === undefined) continue;
      compared++;
      expect([ip[0].value, value(".sourcePort"), ip[1].value, value(".destinationPort")]).toEqual(
        match.slice(1, 5),
      );
    }
    expect(compared).toBeGreaterThanOrEqual(least.ports);
  });
});

describe("what we write", () => {
  const packets: PacketToWrite[] = fc
    .sample(frameSpec, { seed: 2018, numRuns: 300 })
    .map((spec, index) => ({ timestampNs: BigInt(index) * 1_000_001_001n, bytes: buildFrame(spec) }));

  test.each([1e6, 1e9] as const)(
    "with %d ticks a second is what tcpdump writes, byte for byte",
    (resolution) => {
      const [mine, theirs] = [join(folder, `mine-${resolution}`), join(folder, `theirs-${resolution}`)];
      const file = writePcap(packets, { resolution });
      writeFileSync(mine, file);
      tcpdump(mine, "-w", theirs, `--time-stamp-precision=${resolution === 1e9 ? "nano" : "micro"}`);
      expect(readFileSync(theirs).equals(file)).toBe(true);
    },
  );

  test("as pcapng, in either byte order, is what tcpdump reads", () => {
    const expected = Buffer.from(writePcap(packets, { resolution: 1e9 }));
    for (const order of ["big", "little"] as const) {
      const [mine, theirs] = [join(folder, order), join(folder, `theirs-${order}`)];
      writeFileSync(mine, writePcapng(packets, { order, resolution: 1e9 }));
      tcpdump(mine, "-w", theirs, "--time-stamp-precision=nano");
      expect(readFileSync(theirs).equals(expected), order).toBe(true);
    }
  });

  test("has no checksum that tcpdump finds wrong, over 300 frames of all kinds", () => {
    const file = join(folder, "sound");
    writeFileSync(file, writePcap(packets));
    const text = tcpdump(file, "-vv").toString();
    expect(text).not.toMatch(/bad udp cksum|incorrect ->|bad cksum|wrong icmp|bad icmp6 cksum/);
    expect(text.match(/udp sum ok|\(correct\)|icmp6 sum ok/g)?.length).toBeGreaterThan(150);
  });
});
