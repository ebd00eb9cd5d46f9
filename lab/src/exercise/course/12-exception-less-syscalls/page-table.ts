// The steps that a judge takes on a learner's page client: submit, let the kernel run, complete.
import { mismatch, type Outcome, type Step, saw } from "../../types.js";
import { describeAnswer } from "../../values.js";
import { answerTo, ModelPage, type PageClient, type PageClientMaker } from "./syscall-page.js";

/** A page, the learner's client, and what is under way. */
export interface PageTable {
  readonly page: ModelPage;
  readonly client: PageClient;
  /** Calls under way, by entry. */
  readonly open: Map<number, { readonly call: string; readonly argument: number }>;
  next: number;
}

/** @param eager the kernel executes a call in the moment in which it is submitted */
export function setPage(mine: PageClientMaker, size: number, eager = false): PageTable {
  const page = new ModelPage(size);
  page.eager = eager;
  return { page, client: mine(page), open: new Map(), next: 1 };
}

function accused({ page }: PageTable, expected: string): Outcome | null {
  const [violation] = page.violations;
  return violation === undefined
    ? null
    : mismatch(expected, `touched the page at the wrong moment: ${violation}`, violation);
}

/** Submits a call, for which there is room. */
export const submit: Step<PageTable> = {
  action: "submit a call",
  play(table) {
    const { page, client, open } = table;
    page.restart();
    const wanted = { call: table.next % 2 === 0 ? "write" : "read", argument: table.next++ };
    const words = `${wanted.call}(${wanted.argument})`;
    const entry = client.submit(wanted.call, wanted.argument);
    const fault = accused(table, `${words} submitted`);
    if (fault !== null) return fault;
    if (typeof entry !== "number") {
      const diagnosis = open.size === 0 ? "never frees an entry" : undefined;
      return mismatch("the entry of the call: one is free", `returned ${describeAnswer(entry)}`, diagnosis);
    }
    if (open.has(entry)) return mismatch("an entry that is free", `took entry ${entry}, which is in use`);
    const state = page.eager ? "done" : "submitted";
    if (page.status(entry) !== state || page.asked(entry) !== words)
      return mismatch(
        `${words} in entry ${entry}, submitted`,
        `left ${page.asked(entry)}, ${page.status(entry)}`,
      );
    open.set(entry, wanted);
    return saw(`entry ${entry}: ${words}`);
  },
};

/** Submits into a full page. */
export const submitInVain: Step<PageTable> = {
  action: "submit with every entry in use",
  play(table) {
    table.page.restart();
    const entry = table.client.submit("read", 99);
    return (
      accused(table, "null, and nothing touched") ??
      (entry === null ? saw("null") : mismatch("null", `returned ${describeAnswer(entry)}`))
    );
  },
};

/** The kernel executes some of what was submitted, the latest first: it owes nobody an order. */
export function kernelRuns(count: number): Step<PageTable> {
  return {
    action: `the kernel executes ${count}, latest first`,
    play({ page }) {
      const entries = page.entriesThatAre("submitted").reverse().slice(0, count);
      for (const entry of entries) page.run(entry);
      return saw(`entry ${entries.join(", ")} done`);
    },
  };
}

/** Takes one answer that is there. */
export const complete: Step<PageTable> = {
  action: "complete",
  play(table) {
    const { page, client, open } = table;
    page.restart();
    const done = page.entriesThatAre("done");
    const got = client.complete();
    const fault = accused(table, "an answer taken and its entry freed");
    if (fault !== null) return fault;
    if (got === null)
      return mismatch(`an answer: entry ${done.join(", ")} is done`, "returned null", "waits for the oldest");
    if (typeof got !== "object" || !done.includes(got.entry))
      return mismatch(`one of entry ${done.join(", ")}`, `returned ${describeAnswer(got)}`);
    const { call, argument } = open.get(got.entry)!;
    if (got.result !== answerTo(call, argument))
      return mismatch(`result ${answerTo(call, argument)} of ${call}(${argument})`, `returned ${got.result}`);
    if (page.status(got.entry) !== "free")
      return mismatch(
        `entry ${got.entry} free again`,
        `left it ${page.status(got.entry)}`,
        "never frees an entry",
      );
    open.delete(got.entry);
    return saw(`entry ${got.entry}: ${got.result}`);
  },
};

/** Asks for an answer while there is none. */
export const completeInVain: Step<PageTable> = {
  action: "complete with nothing done",
  play(table) {
    table.page.restart();
    const got = table.client.complete();
    return (
      accused(table, "null, and nothing taken") ??
      (got === null
        ? saw("null")
        : mismatch("null", `returned ${describeAnswer(got)}`, "takes what is not done"))
    );
  },
};
