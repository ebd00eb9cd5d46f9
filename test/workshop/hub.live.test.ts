// JupyterHub with the lab's configuration and two users: each signs in, has notebooks, our kernel and namespaces of his own, and
// none of them reaches the other's server.
import { existsSync, readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../chromium.js";
import { OwnHub } from "./own-hub.js";

const NAMES = ["ada", "bob"] as const;
type Name = (typeof NAMES)[number];
// Debian's package has no counterpart in Ubuntu's list.
const skip =
  !existsSync("/usr/bin/jupyterhub") && /^ID=ubuntu$/m.test(readFileSync("/etc/os-release", "utf8"));

let hub: OwnHub;
let browser: Browser;
const pages = {} as Record<Name, Page>;

beforeAll(async () => {
  if (skip) return console.warn("no jupyterhub on this Ubuntu: the hub is not tried");
  hub = await OwnHub.open();
  browser = await launchChromium();
  for (const name of NAMES) pages[name] = await hub.enter(browser, name);
  for (const name of NAMES) {
    await pages[name].goto(`${hub.address}user/${name}/notebooks/20-one-skb-per-packet.ipynb`);
    await pages[name].waitForFunction("window.Jupyter?.notebook?.kernel?.is_connected()");
  }
}, 150_000);
afterAll(async () => {
  await browser?.close();
  await hub?.close();
});

/** Runs code in the kernel of the notebook that the user has open. @returns what it printed, or its error */
function run(name: Name, code: string): Promise<string> {
  return pages[name].evaluate(
    `new Promise((done) => {
      let text = "";
      const output = ({ content }) => { text += content.text ?? content.evalue ?? ""; };
      const reply = ({ content }) => done((content.status === "ok" ? "" : content.status + ": ") + text.trim());
      Jupyter.notebook.kernel.execute(${JSON.stringify(code)}, { iopub: { output }, shell: { reply: (m) => setTimeout(reply, 200, m) } }, { silent: false });
    })`,
  );
}

test.skipIf(skip)("each user sees the course's notebooks, in a folder of his own", async () => {
  for (const name of NAMES) {
    expect(await pages[name].title()).toContain("20-one-skb-per-packet");
    expect(await run(name, `console.log(process.cwd().endsWith("/users/${name}"))`)).toBe("true");
  }
  await run("ada", `require("node:fs").writeFileSync("mine.txt", "of ada")`);
  const look = `console.log(require("node:fs").readdirSync("..").join(), require("node:fs").existsSync("mine.txt"))`;
  expect(await run("ada", look)).toBe("ada true");
  expect(await run("bob", look)).toBe("bob false");
});

test.skipIf(skip)(
  "each has a testbed of his own at the same time, and namespaces that only he sees",
  async () => {
    const make = `import { Testbed, twoHosts } from "ringside";
const bed = Testbed.create(twoHosts());
console.log(require("node:fs").readdirSync("/run/netns").length);`;
    expect(await Promise.all(NAMES.map((name) => run(name, make)))).toEqual(["2", "2"]);
    const names = `console.log(require("node:fs").readdirSync("/run/netns").sort().join())`;
    const [ada, bob] = [await run("ada", names), await run("bob", names)];
    expect(ada).not.toBe(bob);
    expect(await Promise.all(NAMES.map((name) => run(name, "bed.close()")))).toEqual(["", ""]);
  },
);

test.skipIf(skip)(
  "each measures, and what he guessed is kept in his own folder",
  { timeout: 90_000 },
  async () => {
    const code = `import { measure, predict } from "ringside";
const result = await measure.skbCount({ guess: predict(1, "skbs"), frames: 4096 });
console.log(result.status === "ok" ? result.outcome.made : result.reason);`;
    expect(await Promise.all(NAMES.map((name) => run(name, code)))).toEqual(["0", "0"]);
    const kept = `console.log(require("node:fs").readFileSync("progress/progress.jsonl", "utf8").trim().split("\\n").length)`;
    expect(await run("bob", kept)).toBe("1");
  },
);

test.skipIf(skip)(
  "nobody opens another's server: not signed in as somebody else, not with a made-up token",
  async () => {
    const path = `${hub.address}user/ada/api/contents`;
    const ask = (page: Page): Promise<number> => page.goto(path).then((answer) => answer!.status());
    expect(await ask(pages.ada)).toBe(200);
    expect(await ask(pages.bob)).toBe(403);
    expect((await fetch(path)).status).toBe(403);
    expect((await fetch(path, { headers: { Authorization: "token made-up" } })).status).toBe(403);
  },
);
