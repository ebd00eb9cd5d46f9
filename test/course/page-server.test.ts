// The server of the course page without a kernel: who is let in, what is refused, and what becomes of an edit.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  type CellView,
  type CoursePage,
  type EditAnswer,
  type NotebookView,
  type OutlineEntry,
  startCoursePage,
} from "ringside/course";
import { readNotebook } from "ringside/jupyter";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { writeCourse } from "./write-course.js";

const SLUG = "20-small";
let folder: string;
let page: CoursePage;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ringside-test-course-"));
  writeCourse(folder, SLUG, ["# Small\n\n**Question:** why\nso?\n\n**Minutes:** 5", "const a = 1;", "a"]);
  page = await startPage();
});
afterEach(async () => {
  await page.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** There is no Jupyter behind it: nothing here runs a cell. */
function startPage(): Promise<CoursePage> {
  return startCoursePage({ jupyter: { baseUrl: "http://127.0.0.1:9/", token: "jupyter-secret", folder } });
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

/** A request with exactly these headers, as a browser or an attacker might send it. */
function send(method: string, path: string, headers: Record<string, string>, body = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: page.port, method, path, headers };
    const sending = httpRequest(options, (answer) => {
      const pieces: Buffer[] = [];
      answer.on("data", (piece: Buffer) => pieces.push(piece));
      answer.once("end", () => {
        resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(pieces) });
      });
    });
    sending.once("error", reject);
    sending.end(body);
  });
}

const cookie = (): string => `ringside-${page.port}=${page.token}`;
const host = (): string => `127.0.0.1:${page.port}`;
const own = (): Record<string, string> => ({
  Host: host(),
  Cookie: cookie(),
  Origin: `http://${host()}`,
  "Content-Type": "application/json",
});

async function get<T>(path: string): Promise<T> {
  return JSON.parse((await send("GET", path, own())).body.toString()) as T;
}

async function order<T>(path: string, body: object): Promise<T> {
  return JSON.parse((await send("POST", path, own(), JSON.stringify(body))).body.toString()) as T;
}

const code = (view: NotebookView): CellView => view.cells.find(({ kind }) => kind === "code")!;
const open = (): Promise<NotebookView> => get<NotebookView>(`/api/notebook/${SLUG}`);

describe("a browser", () => {
  test("is let in by the first address, which leaves a cookie that no script and no other site can use", async () => {
    const { status, headers, body } = await send("GET", `/?token=${page.token}`, { Host: host() });
    expect(status).toBe(200);
    expect(String(headers["set-cookie"])).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(body.toString()).not.toContain(page.token);
  });

  test("is told of an icon by every page, so that it asks for none that there is not", async () => {
    for (const path of [`/?token=${page.token}`, "/", `/n/${SLUG}`]) {
      expect((await send("GET", path, own())).body.toString(), path).toMatch(/<link rel="icon" href="data:/);
    }
  });

  test.each([
    ["without a cookie", () => ({ Host: host() })],
    ["with a wrong one", () => ({ Host: host(), Cookie: `ringside-${page.port}=${"0".repeat(48)}` })],
    ["that was sent here by another site", () => ({ ...own(), "Sec-Fetch-Site": "cross-site" })],
  ])("%s is refused, also where it only reads", async (_how, headers) => {
    for (const path of [
      "/",
      "/api/outline",
      `/api/events?notebook=${SLUG}`,
      "/assets/main.js",
      `/jupyter/${SLUG}`,
    ]) {
      expect((await send("GET", path, headers())).status, path).toBe(403);
    }
  });

  test("that came by a name which only resolves to this machine is refused, even with the token", async () => {
    const headers = { ...own(), Host: `evil.example:${page.port}` };
    expect((await send("GET", `/?token=${page.token}`, headers)).status).toBe(421);
    expect((await send("GET", "/api/outline", headers)).status).toBe(421);
  });

  test.each([
    ["from another page", () => ({ ...own(), Origin: "http://127.0.0.1:8000" })],
    ["from a page without an origin", () => ({ ...own(), Origin: "null" })],
    [
      "that does not say where it comes from",
      () => ({ Host: host(), Cookie: cookie(), "Content-Type": "application/json" }),
    ],
    ["without a cookie", () => ({ ...own(), Cookie: "" })],
  ])("may order nothing %s", async (_how, headers) => {
    for (const path of ["run", "stop", "restart", "edit", "restore", "complete", "inspect"]) {
      const answer = await send("POST", `/api/${path}/${SLUG}`, headers(), "{}");
      expect(answer.status, path).toBe(403);
    }
  });

  test("sends orders as JSON only, which a form on another page cannot", async () => {
    const headers = { ...own(), "Content-Type": "text/plain" };
    expect((await send("POST", `/api/run/${SLUG}`, headers, "{}")).status).toBe(400);
  });

  test("gets a policy that runs our script and nothing else", async () => {
    const { headers } = await send("GET", `/n/${SLUG}`, own());
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });

  test("loads less than 300 kB before the first notebook stands", async () => {
    let bytes = 0;
    for (const path of [
      `/n/${SLUG}`,
      "/assets/main.js",
      "/assets/page.css",
      "/api/outline",
      `/api/notebook/${SLUG}`,
      "/api/glossary",
    ]) {
      const { body, status } = await send("GET", path, { ...own(), "Accept-Encoding": "gzip" });
      expect(status, path).toBe(200);
      bytes += body.length;
    }
    expect(bytes).toBeLessThan(300_000);
  });

  test("gets the script compressed, and not again while it is the same", async () => {
    const first = await send("GET", "/assets/main.js", { ...own(), "Accept-Encoding": "gzip" });
    expect(gunzipSync(first.body).length).toBeGreaterThan(first.body.length);
    const again = await send("GET", "/assets/main.js", {
      ...own(),
      "If-None-Match": String(first.headers.etag),
    });
    expect([again.status, again.body.length]).toEqual([304, 0]);
  });

  test.each([
    "/api/notebook/..%2f..%2fetc%2fpasswd",
    "/api/notebook/mine",
    "/api/notebook/99-none",
    "/api/notebook/__proto__",
    "/assets/../../package.json",
    "/assets/images/..%2f20-small.ipynb",
    "/api/constructor",
    "/etc/passwd",
  ])("finds nothing under %s", async (path) => {
    const { status, body } = await send("GET", path, own());
    expect(status).toBe(404);
    expect(body.toString()).toMatch(/Cannot /);
  });

  test.each([
    ["no JSON", "{"],
    ["no object", "[1]"],
    ["no cell", "{}"],
    ["a cell of another kind", '{"cell":{"toString":1},"text":"x","version":1}'],
    ["no version", '{"cell":"20-small-02","text":"x"}'],
  ])("that orders with %s is told so in one line", async (_what, body) => {
    const answer = await send("POST", `/api/edit/${SLUG}`, own(), body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body.toString()).error).toMatch(/^Cannot read .+$/);
  });
});

describe("an edit", () => {
  test("is in the learner's own file when it is confirmed; the course's file stays", async () => {
    const before = readFileSync(join(folder, `${SLUG}.ipynb`), "utf8");
    const { id, version } = code(await open());
    const answer = await order<EditAnswer>(`/api/edit/${SLUG}`, { cell: id, text: "const a = 2;", version });
    expect(answer).toMatchObject({ accepted: true, origin: "edited" });
    expect(readNotebook(join(folder, `mine/${SLUG}.ipynb`)).cells[1]!.source).toBe("const a = 2;");
    expect(readFileSync(join(folder, `${SLUG}.ipynb`), "utf8")).toBe(before);
  });

  test("to an older version is refused with the present text, so that nothing is lost", async () => {
    const { id, version } = code(await open());
    await order(`/api/edit/${SLUG}`, { cell: id, text: "first", version });
    const late = await order<EditAnswer>(`/api/edit/${SLUG}`, { cell: id, text: "second", version });
    expect(late).toMatchObject({ accepted: false, text: "first" });
  });

  test("is there after the server was started again, with a greater number", async () => {
    const { id, version } = code(await open());
    const { version: edited } = await order<EditAnswer>(`/api/edit/${SLUG}`, {
      cell: id,
      text: "kept",
      version,
    });
    await page.stop();
    page = await startPage();
    const cell = code(await open());
    expect(cell).toMatchObject({ source: "kept", origin: "edited" });
    expect(cell.version).toBeGreaterThan(edited);
  });

  test("can be taken back for the course's text", async () => {
    const { id, version } = code(await open());
    await order(`/api/edit/${SLUG}`, { cell: id, text: "wrong", version });
    await order(`/api/restore/${SLUG}`, { cell: id });
    expect(code(await open())).toMatchObject({ source: "const a = 1;", origin: "same" });
  });

  test("survives an update of the course, which is offered beside it", async () => {
    const { id, version } = code(await open());
    await order(`/api/edit/${SLUG}`, { cell: id, text: "answer", version });
    await page.stop();
    writeCourse(folder, SLUG, ["# Small", "const a = 100;", "a + 1"]);
    page = await startPage();
    const view = await open();
    expect(view.cells.map(({ source }) => source)).toEqual(
      expect.arrayContaining(["answer", "const a = 100;", "a + 1"]),
    );
  });

  test("that Jupyter saved into the same file is taken over", async () => {
    const view = await open();
    const path = join(folder, `mine/${SLUG}.ipynb`);
    expect(existsSync(path)).toBe(true);
    const text = readFileSync(path, "utf8").replace("const a = 1;", "const a = 7; // in Jupyter");
    rmSync(path);
    writeFileSync(path, text);
    const { id, version } = code(view);
    const answer = await order<EditAnswer>(`/api/edit/${SLUG}`, { cell: id, text: "const a = 8;", version });
    expect(answer).toMatchObject({ accepted: false, text: "const a = 7; // in Jupyter" });
  });
});

describe("a copy that somebody else spoilt", () => {
  const path = (): string => join(folder, `mine/${SLUG}.ipynb`);

  test("is left as it is, and the page shows what it knew and says why nothing is saved", async () => {
    const { id, version } = code(await open());
    await order(`/api/edit/${SLUG}`, { cell: id, text: "mine", version });
    const good = readFileSync(path(), "utf8");
    writeFileSync(path(), "{ half a notebo");
    for (const text of ["once", "twice"]) {
      const answer = await order<{ error: string }>(`/api/edit/${SLUG}`, { cell: id, text, version });
      expect(answer.error).toMatch(/it is not JSON .* it is left as it is -> mend it/);
    }
    expect((await order<{ error: string }>(`/api/restore/${SLUG}`, { cell: id })).error).toMatch(/not JSON/);
    expect(readFileSync(path(), "utf8")).toBe("{ half a notebo");
    const view = await open();
    expect([code(view).source, view.kernel.message]).toEqual(["mine", expect.stringMatching(/not JSON/)]);
    writeFileSync(path(), good.replace("mine", "mended"));
    const mended = await open();
    expect([code(mended).source, mended.kernel.message]).toEqual(["mended", ""]);
  });

  test("ends no server that only looks whether there is news", async () => {
    await open();
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const listening = await listenTo(`/api/events?notebook=${SLUG}`);
      writeFileSync(path(), "no notebook");
      vi.advanceTimersByTime(6_000);
      expect(await listening.until("not JSON")).toContain('"kernel"');
      listening.close();
    } finally {
      vi.useRealTimers();
    }
  });
});

interface Listening {
  /** Everything that was heard, once a text is in it. */
  until(text: string): Promise<string>;
  close(): void;
}

/** Listens to the stream of events. */
function listenTo(path: string): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: page.port, path, headers: own() };
    const listening = httpRequest(options, (answer) => {
      let heard = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        heard += piece;
      });
      answer.once("error", () => undefined);
      resolve({
        async until(text) {
          await expect.poll(() => heard).toContain(text);
          return heard;
        },
        close: () => listening.destroy(),
      });
    });
    listening.once("error", reject);
    listening.end();
  });
}

test("the outline tells what each notebook asks, and no secret", async () => {
  const { body } = await send("GET", "/api/outline", own());
  const [entry] = JSON.parse(body.toString()) as OutlineEntry[];
  expect(entry).toMatchObject({
    slug: SLUG,
    title: "Small",
    question: "why so?",
    minutes: "5",
    cells: 2,
    ran: 0,
  });
  expect(body.toString()).not.toContain("jupyter-secret");
});
