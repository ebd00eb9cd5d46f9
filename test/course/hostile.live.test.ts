// Names, markdown and outputs that mean harm: nothing of them runs, loads from elsewhere, covers the page, or leads away; and
// Jupyter's token is nowhere in the browser.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cell, type OwnCourse, openOwnCourse, runCell, runState } from "./own-course.js";
import { writeCourse } from "./write-course.js";

const SLUG = "66-hostile";

/** Each would set `window.hacked`, call out, or take the page over, if it could. */
const HOSTILE = [
  "<script>window.hacked = 1</script>",
  "<img src=x onerror='window.hacked = 2'>",
  "<svg onload='window.hacked = 3'><script>window.hacked = 4</script><a xlink:href='javascript:window.hacked=5'><text y='20'>svg</text></a></svg>",
  "<a href='javascript:window.hacked = 6'>link</a>",
  "<iframe srcdoc='<script>parent.hacked = 7</script>'></iframe>",
  "<form action='/api/stop/66-hostile' method=post><input name=x><button>go</button></form>",
  "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=window.hacked=8&gt;'>",
  "<noscript><p title='</noscript><img src=x onerror=window.hacked=9>'></noscript>",
  "<img src='https://evil.example/pixel.png'><link rel=stylesheet href='https://evil.example/x.css'>",
  "<style>body { display: none }</style><div style='position:fixed;inset:0;background:url(https://evil.example/)'>over</div>",
  "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=https://evil.example/'>",
  "<div id=main name=main class=connection>clobber</div><form id=document></form>",
  "<details ontoggle='window.hacked = 10' open><summary>x</summary></details><button onclick='window.hacked = 11'>b</button>",
];
const ALL = HOSTILE.join("\n");

/** A cell that shows each of them by itself: one that is never closed must not hide the rest. */
const SHOW_EACH = (type: string): string =>
  `import { display } from "ringside";
for (const text of ${JSON.stringify(HOSTILE)}) display({ [Symbol.for("Jupyter.display")]: () => ({ ${JSON.stringify(type)}: text }) });`;

const SHOW = (type: string, text: string): string =>
  `const show${type.replace(/\W/g, "")} = { [Symbol.for("Jupyter.display")]: () => ({ ${JSON.stringify(type)}: ${JSON.stringify(text)} }) };\nshow${type.replace(/\W/g, "")}`;

let course: OwnCourse;
let tab: Page;
const asked: string[] = [];
const answers: Promise<string>[] = [];

beforeAll(async () => {
  course = await openOwnCourse([]);
  writeCourse(course.folder, SLUG, [
    `# ${HOSTILE.join(" ")} title\n\n**Question:** ${HOSTILE.join(" ")}\n\n[a link](javascript:window.hacked=12) ![x](https://evil.example/y.png)`,
    ...HOSTILE.map((text) => `# Text\n\n${text}`),
    SHOW_EACH("text/html"),
    SHOW(
      "image/svg+xml",
      `<svg xmlns="http://www.w3.org/2000/svg" onload="window.hacked=13"><script>window.hacked=14</script><foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="window.hacked=15"/></foreignObject><a href="javascript:window.hacked=16"><text y="20">picture</text></a><use href="https://evil.example/#x"/></svg>`,
    ),
    SHOW_EACH("text/markdown"),
    SHOW(
      "application/vnd.ringside.check+json",
      JSON.stringify({
        title: ALL,
        passed: false,
        stepsPassed: 1,
        stepsTotal: 2,
        story: ALL,
        hint: ALL,
        scenarios: [{ name: ALL, passed: true }],
      }),
    ),
    `console.log(${JSON.stringify(ALL)}); console.error(${JSON.stringify(ALL)}); throw new Error(${JSON.stringify(ALL)})`,
  ]);
  tab = await course.open("/");
  tab.on("request", (request) => asked.push(request.url()));
  tab.on("response", (response) => answers.push(response.text().catch(() => "")));
  tab.on("dialog", (dialog) => void dialog.dismiss());
  await tab.goto(new URL(`/n/${SLUG}`, course.page.url).href);
  await tab.locator('.kernel[data-state="idle"]').waitFor();
  for (const number of [1, 2, 3, 4]) {
    await runCell(tab, number);
    await runState(tab, number, "ok");
  }
  await runCell(tab, 5);
  await runState(tab, 5, "error");
});
afterAll(async () => {
  await course?.close();
});

test("no script of theirs has run, neither when drawn nor when clicked", async () => {
  expect(await tab.locator(".cells summary").count()).toBeGreaterThan(1);
  expect(await cell(tab, 1).locator(".outputs").innerText()).toContain("over");
  for (const link of await tab.locator(".cells a, .cells summary").all()) {
    await link.click({ timeout: 1_000, force: true }).catch(() => {});
  }
  expect(await tab.evaluate("window.hacked")).toBeUndefined();
  expect(new URL(tab.url()).pathname).toBe(`/n/${SLUG}`);
});

test("nothing of theirs that could run, load, send or cover is in the page", async () => {
  const found = await tab.locator(".cells").evaluate((cells) => {
    const bad =
      "script, iframe, form, style, link, base, meta, object, embed, foreignObject, input, math, [onerror], [onload], [onclick], [ontoggle], [href^='javascript'], [src^='http'], [style*='fixed'], [style*='url']";
    return [...cells.querySelectorAll(bad)].map(({ outerHTML }) => outerHTML);
  });
  expect(found).toEqual([]);
  expect(await tab.locator("#main").count()).toBe(1);
});

test("what is not markup is shown as the text it is", async () => {
  expect(await cell(tab, 5).locator(".output-text.stdout").innerText()).toContain(
    "<script>window.hacked = 1</script>",
  );
  expect(await cell(tab, 4).locator(".check .hint").innerText()).toContain("<iframe");
});

test("the browser asked nobody but our server", () => {
  const origin = new URL(course.page.url).origin;
  expect(asked.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith("data:"))).toEqual([]);
  expect(asked.length).toBeGreaterThan(3);
});

test("Jupyter's token is in no answer, and no script can read a cookie", async () => {
  // The stream of events never ends, so its text never comes; what it carries is in the page.
  const texts = await Promise.all(
    answers.map((text) =>
      Promise.race([text, new Promise<string>((done) => setTimeout(() => done(""), 500))]),
    ),
  );
  expect([...texts, await tab.content()].filter((text) => text.includes(course.jupyter.token))).toEqual([]);
  expect(await tab.evaluate("document.cookie")).toBe("");
});

test("Jupyter opens on the same kernel by a cookie of its own, without its token", async () => {
  const seen: string[] = [];
  const [jupyter] = await Promise.all([
    tab.context().waitForEvent("page"),
    tab.getByRole("link", { name: "Open in Jupyter" }).click(),
  ]);
  jupyter.on("request", (request) => seen.push(request.url()));
  await jupyter.locator(".kernel_idle_icon").waitFor();
  expect(jupyter.url()).toBe(`${course.jupyter.baseUrl}notebooks/mine/${SLUG}.ipynb`);
  const kernels = await fetch(`${course.jupyter.baseUrl}api/kernels`, {
    headers: { Authorization: `token ${course.jupyter.token}` },
  }).then((answer) => answer.json());
  expect(kernels).toHaveLength(1);
  expect(seen.filter((url) => url.includes(course.jupyter.token))).toEqual([]);
});
