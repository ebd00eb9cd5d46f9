// Tier T0, for real: without root, without Jupyter, without a compiler and without apt the course opens, is read, and every
// exercise that asks nothing of the machine can be solved.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exercises } from "ringside/exercise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OrdinaryUser, ordinaryUser } from "./ordinary-user.js";

let user: OrdinaryUser;
beforeAll(() => {
  user = ordinaryUser();
}, 120_000);
afterAll(() => user.leave());

const LAB = ["node", "lab/dist/cli/main.js"] as const;

test("npm start installs nothing and prints the course's address, which lists every notebook", {
  timeout: 120_000,
}, async () => {
  const started = await user.run("npm", "start");
  expect(started.output).toContain("Not root: the whole course opens");
  expect(started.output).toContain("In Jupyter   not installed");
  expect(started.code).toBe(0);
  try {
    const { page } = JSON.parse(readFileSync(join(user.folder, ".ringside/server.json"), "utf8"));
    const entered = await fetch(`http://127.0.0.1:${page.port}/?token=${page.token}`, { redirect: "manual" });
    const cookie = entered.headers.get("set-cookie")!.split(";")[0]!;
    const outline = await fetch(`http://127.0.0.1:${page.port}/api/outline`, { headers: { cookie } });
    const text = await outline.text();
    for (const { id } of exercises) expect(text).toContain(id.split("/")[0]);
  } finally {
    expect((await user.run(...LAB, "stop")).output).toBe("The lab has stopped.\n");
  }
});

test("a compiler that lacks the kernel's headers, or knows no BPF, is said and stops nobody", async () => {
  const clang = join(user.folder, "home/clang");
  writeFileSync(clang, '#!/bin/sh\n[ "$1" = --version ] && exit\necho "no such target: $1" >&2\nexit 1\n', {
    mode: 0o755,
  });
  const path = `${join(user.folder, "home")}:${process.env.PATH}`;
  const built = await user.run("env", `PATH=${path}`, "sh", "vm/build.sh");
  rmSync(clang);
  expect(built.output).toContain("Not compiled: kernels/bpf, for the errors above");
  expect(built.code).toBe(0);
});

interface CodeCell {
  cell_type: string;
  outputs?: { data?: Record<string, string | string[]>; text?: string | string[] }[];
}

/** All that a run notebook shows: plain text, and the SVG of its figures. */
function shown(file: string): string {
  const { cells } = JSON.parse(readFileSync(file, "utf8")) as { cells: CodeCell[] };
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  return outputs
    .flatMap(({ data = {}, text = "" }) => [text, data["text/plain"] ?? "", data["image/svg+xml"] ?? ""])
    .flat()
    .join("\n");
}

describe("every notebook, run from top to bottom with its solutions", () => {
  const texts = new Map<string, string>();
  beforeAll(async () => {
    const slugs = readdirSync(join(user.folder, "notebooks")).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
    const halves = [0, 1].map((half) => slugs.filter((_, index) => index % 2 === half));
    const runs = await Promise.all(
      halves.map((names) =>
        user.run(
          ...LAB,
          "run",
          ...names.map((name) => name.slice(0, -6)),
          "--solutions",
          "--save",
          "home/ran",
        ),
      ),
    );
    for (const run of runs) expect(run.output).not.toContain("failed after");
    for (const name of slugs) texts.set(name.slice(0, -6), shown(join(user.folder, "home/ran", name)));
  }, 300_000);

  test("passes every exercise that needs nothing of the machine", () => {
    const pure = exercises.filter(({ needs }) => needs.length === 0);
    const missed = pure.filter(({ id }) => !texts.get(id.split("/")[0]!)?.includes(`${id}: passed`));
    expect(missed.map(({ id }) => id)).toEqual([]);
    expect(pure.length).toBeGreaterThan(12);
  });

  test.each(["20-one-skb-per-packet", "33-af-xdp"])(
    "shows in %s what another machine recorded, in text and on every figure, and nothing live",
    (slug) => {
      const text = texts.get(slug)!;
      expect(text).toMatch(/Not measured here: it needs root\. Shown instead: recorded on .*, Linux \d/);
      expect(text).toMatch(/^recorded · recorded on .* · Linux \d/m);
      expect(text).toContain(">recorded</text>");
      expect(text).not.toContain(">live</text>");
    },
  );

  test.each([
    "02-packet-budgets",
    "11-what-a-syscall-costs",
    "14-sockets-and-cores",
    "51-verdicts",
    "54-smartnic",
    "60-bake-off",
  ])("says in %s of no recorded figure that it was measured here", (slug) => {
    const text = texts.get(slug)!;
    expect(text).toMatch(/on [^\n]+ \(recorded\)|recorded core/);
    expect(text).not.toMatch(/on this machine (the|:)|\(here\)|\d here\b|core here/i);
  });
});
