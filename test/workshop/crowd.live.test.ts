// Thirty learners at once on one machine: all read and type, four of them measure, some check an answer. Nothing that was typed
// is lost, no attempt is, and memory stays bounded. `RINGSIDE_ROOM_SECONDS=300` makes it the five minutes of a real section.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { CellView, EditAnswer, NotebookView, RoomView } from "ringside/course";
import { readNotebook } from "ringside/jupyter";
import { quantile, seededRandom } from "ringside/stats";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CHECKS, Client, MEASURES, OwnWorkshop, SMALL } from "./own-workshop.js";

const SECONDS = Number(process.env.RINGSIDE_ROOM_SECONDS ?? 8);
const LEARNERS = 30;
const MEASURING = 4;
const SEED = 20_261_124;
/** What a kernel may take, however long: 300 was seen after 1000 checks (kernels/jupyter/README.md, "Memory"). */
const MOST_KERNEL_MB = 450;
/** More than this in a section would be a leak: a learner's page and its server are a few hundred kB. */
const MOST_GROWTH_MB = 150;

let own: OwnWorkshop;
let crowd: Client[];

beforeAll(async () => {
  own = await OwnWorkshop.open();
  crowd = [];
  for (let n = 1; n <= LEARNERS; n++) crowd.push(await Client.join(own, `Learner ${n}`));
}, 90_000);
afterAll(() => own?.close());

const codeOf = async (client: Client, slug: string): Promise<CellView> => {
  const { cells } = await client.get<NotebookView>(`/api/notebook/${slug}`);
  return cells.find(({ kind }) => kind === "code")!;
};

/** Types as a person does, a word at a time, and saves as the page does. @returns the last text, and how long saving took */
async function type(
  client: Client,
  until: number,
  random: () => number,
): Promise<{ text: string; ms: number[] }> {
  let { id, version, source: text } = await codeOf(client, SMALL);
  const ms: number[] = [];
  for (let word = 1; performance.now() < until; word++) {
    text += ` // word ${word}`;
    const began = performance.now();
    const answer = await client.order<EditAnswer>(`/api/edit/${SMALL}`, { cell: id, text, version });
    ms.push(performance.now() - began);
    expect(answer.accepted).toBe(true);
    version = answer.version;
    await delay(200 + 400 * random());
  }
  return { text, ms };
}

/** Runs a notebook's cell again and again, and waits for each end. @returns how often */
async function work(client: Client, slug: string, until: number): Promise<number> {
  const { id } = await codeOf(client, slug);
  let runs = 0;
  do {
    await client.order(`/api/run/${slug}`, { cell: id });
    await expect
      .poll(async () => (await codeOf(client, slug)).run, { timeout: 120_000, interval: 250 })
      .toMatchObject({ state: "ok", count: runs + 1 });
    runs++;
  } while (performance.now() < until);
  return runs;
}

test(`thirty for ${SECONDS} s: no word and no attempt is lost, measurements take turns, memory is bounded`, {
  timeout: SECONDS * 1000 + 180_000,
}, async () => {
  console.info(`seed ${SEED}`);
  const random = seededRandom(SEED);
  let longest = 0;
  const stops = await Promise.all(
    crowd.map((client) =>
      client.listen(`/api/events?notebook=${SMALL}&machine=1`, (event) => {
        longest = Math.max(longest, (event as { room?: RoomView }).room?.queue.length ?? 0);
      }),
    ),
  );
  await expect.poll(() => own.seen().learners.filter(({ here }) => here).length).toBe(LEARNERS);
  const before = process.memoryUsage().rss;
  const until = performance.now() + SECONDS * 1000;
  const typing = crowd.map((client) => type(client, until, random));
  const measuring = crowd.slice(0, MEASURING).map((client) => work(client, MEASURES, until));
  const checking = crowd.slice(MEASURING, MEASURING + 2).map((client) => work(client, CHECKS, until));
  const typed = await Promise.all(typing);
  const [measured, checked] = [await Promise.all(measuring), await Promise.all(checking)];
  const grownMb = (process.memoryUsage().rss - before) / 2 ** 20;
  const kernelsMb = childrenOf(own.workshop.room.served!.jupyter.pid).map(residentMb);

  typed.forEach(({ text }, n) => {
    const path = join(own.folder, `learners/${String(n + 1).padStart(2, "0")}/${SMALL}.ipynb`);
    const code = readNotebook(path).cells.find(({ cell_type }) => cell_type === "code")!;
    expect(code.source).toBe(text);
  });
  for (const [n, runs] of measured.entries()) expect(kept(1 + n, "guess")).toBe(runs);
  for (const [n, runs] of checked.entries()) expect(kept(MEASURING + 1 + n, "attempt")).toBe(runs);
  expect(longest).toBeGreaterThanOrEqual(2);
  expect(longest).toBeLessThanOrEqual(MEASURING);
  expect(own.seen().machine.kernels).toBe(MEASURING + checking.length);
  expect(grownMb).toBeLessThan(MOST_GROWTH_MB);
  expect(kernelsMb).toHaveLength(MEASURING + checking.length);
  expect(Math.max(...kernelsMb)).toBeLessThan(MOST_KERNEL_MB);
  const ms = typed.flatMap((each) => each.ms);
  console.info(
    `${ms.length} edits saved, median ${Math.round(quantile(ms, 0.5))} ms, 95 % within ${Math.round(quantile(ms, 0.95))} ms; ` +
      `${measured.join(", ")} measurements, ${checked.join(", ")} checks, queue up to ${longest}, memory grew ${Math.round(grownMb)} MB, kernels take ${kernelsMb.map(Math.round).join(", ")} MB`,
  );
  for (const stop of stops) stop();
});

/** Entries of a kind in a learner's store. */
function kept(learner: number, kind: string): number {
  const id = String(learner).padStart(2, "0");
  const lines = readFileSync(join(own.folder, `learners/${id}/progress/progress.jsonl`), "utf8").trim();
  return lines.split("\n").filter((line) => (JSON.parse(line) as { kind: string }).kind === kind).length;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}

/** @source proc_pid_status(5), VmRSS */
function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}
