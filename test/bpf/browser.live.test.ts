// The machine needs no Node.js: bundled for a browser it runs in Chromium, and what it makes of the course's programs there
// is what it makes of them here, to the last byte and step.
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { Machine, readBytecode, runMachine } from "ringside/bpf";
import { compileXdp, courseCapture } from "ringside/xdp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../chromium.js";
import { courseSolutions } from "./course-solutions.js";
import { KINDS } from "./packet-zoo.js";

let browser: Browser;
let page: Page;
const complaints: string[] = [];

/** All of the module `bpf` as one script that leaves it under a global name. */
async function bundle(): Promise<string> {
  const entry = new URL("../../lab/dist/bpf/index.js", import.meta.url).pathname;
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: "iife",
    globalName: "bpf",
    platform: "browser",
    target: "es2022",
  });
  expect(Object.keys(metafile.inputs).filter((input) => input.startsWith("node:"))).toEqual([]);
  return outputFiles[0]!.text;
}

beforeAll(async () => {
  browser = await launchChromium();
  page = await browser.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.addScriptTag({ content: await bundle() });
});
afterAll(() => browser?.close());

/** What the page does with each program, as text: the page knows nothing of the test's types. */
const RUN_ALL = `(programs, packets) => programs.map((hexOfElf) => {
  const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
  const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const bytecode = bpf.readBytecode(bytesOf(hexOfElf));
  return packets.map((packet) => {
    const machine = new bpf.Machine(bytecode, bytesOf(packet));
    const returned = bpf.runMachine(machine);
    return [returned, machine.steps, hexOf(machine.memory.packet.bytes())].join(" ");
  });
})`;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test("programs of the course do in Chromium what they do in Node.js", async () => {
  const solutions = await courseSolutions();
  const elves = solutions.map(({ text, name }) => compileXdp(text, name));
  const packets = [...(await courseCapture("course-mix.pcap")), ...Object.values(KINDS)];
  const there = (await page.evaluate(
    `(${RUN_ALL})(${JSON.stringify(elves.map(hex))}, ${JSON.stringify(packets.map(hex))})`,
  )) as string[][];
  const here = elves.map((elf) => {
    const bytecode = readBytecode(elf);
    return packets.map((packet) => {
      const machine = new Machine(bytecode, packet);
      return [runMachine(machine), machine.steps, hex(machine.memory.packet.bytes())].join(" ");
    });
  });
  expect(there).toEqual(here);
  expect(here.flat().length).toBeGreaterThan(600);
  expect(new Set(here.flat().map((line) => line[0]))).toEqual(new Set(["1", "2"]));
  expect(complaints).toEqual([]);
});
