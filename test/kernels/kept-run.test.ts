// What a run comes to is the same, whether every message was heard or only what was kept of them.
import { createRequire } from "node:module";
import { collectOutputs, type OutputMessage } from "ringside/jupyter";
import { describe, expect, test } from "vitest";

interface Told {
  readonly known: boolean;
  readonly number: number;
  readonly ended: { status: string; executionCount: number | null } | null;
  readonly messages: OutputMessage[];
}

interface KeptRuns {
  begin(request: object): boolean;
  hear(parent: object, type: string, content: object): void;
  end(parent: object, reply: object): void;
  tell(question: { run: string; seen: number }): Told;
}

const { KeptRuns } = createRequire(import.meta.url)("../../kernels/jupyter/kept-run.cjs") as {
  KeptRuns: new () => KeptRuns;
};

const header = (id: string): object => ({ msg_id: id });

function open(...ids: string[]): KeptRuns {
  const runs = new KeptRuns();
  for (const id of ids) runs.begin({ header: header(id), metadata: { ringside_keep: true } });
  return runs;
}

const tell = (runs: KeptRuns, run: string, seen = -1): Told => runs.tell({ run, seen });

const print = (text: string, name = "stdout"): OutputMessage => ({ type: "stream", content: { name, text } });
const show = (text: string, id?: string): OutputMessage => ({
  type: "display_data",
  content: {
    data: { "text/plain": text },
    metadata: {},
    transient: id === undefined ? {} : { display_id: id },
  },
});
const update = (text: string, id: string): OutputMessage => ({
  ...show(text, id),
  type: "update_display_data",
});
const clear = (wait: boolean): OutputMessage => ({ type: "clear_output", content: { wait } });

function outputsOf(messages: readonly OutputMessage[]): unknown[] {
  const collector = collectOutputs();
  for (const message of messages) collector.accept(structuredClone(message));
  return collector.outputs;
}

function keep(messages: readonly OutputMessage[]): Told {
  const runs = open("a");
  for (const { type, content } of structuredClone(messages)) runs.hear(header("a"), type, content);
  return tell(runs, "a");
}

/** Numbers below a bound, the same for the same seed. @source Numerical Recipes' linear congruential generator */
function randomSource(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomMessages(seed: number): OutputMessage[] {
  const random = randomSource(seed);
  const id = (): string => `d${random(3)}`;
  const makers = [
    (n: number) => print(`out ${n}\n`),
    (n: number) => print(`err ${n}\n`, "stderr"),
    (n: number) => show(`shown ${n}`),
    (n: number) => show(`shown ${n}`, id()),
    (n: number) => update(`updated ${n}`, id()),
    () => clear(random(2) === 0),
  ];
  // Clearing is rare, or nothing would ever stand long enough to go wrong.
  return Array.from({ length: 40 }, (_, n) => {
    const at = random(makers.length * 4 - 3);
    return makers[at % makers.length]!(n);
  });
}

test("gives the same outputs as all messages do, for a thousand random runs", () => {
  for (let seed = 1; seed <= 1000; seed++) {
    const messages = randomMessages(seed);
    expect(outputsOf(keep(messages).messages), `seed ${seed}`).toEqual(outputsOf(messages));
  }
});

describe("what is kept stays small", () => {
  test("for a cell that draws a picture again and again", () => {
    const updates = Array.from({ length: 5000 }, (_, n) => update(`frame ${n}`, "picture"));
    expect(keep([show("frame", "picture"), ...updates]).messages).toEqual([show("frame 4999", "picture")]);
    const redrawn = Array.from({ length: 5000 }, (_, n) => [clear(true), show(`frame ${n}`)]).flat();
    expect(keep(redrawn).messages).toEqual([show("frame 4999")]);
  });

  test("for a cell that prints for ever, beyond the 200 000 characters that the page shows", () => {
    const lines = Array.from({ length: 10_000 }, () => print(`${"x".repeat(99)}\n`));
    const [only, ...more] = keep(lines).messages;
    expect([only!.content.text.length, more]).toEqual([400_000, []]);
  });

  test("for a cell that shows for ever, beyond the 300 outputs that the page shows; its error is kept", () => {
    const shown = Array.from({ length: 5000 }, (_, n) => show(`${n}`));
    const error = { type: "error", content: { ename: "Error", evalue: "", traceback: [] } };
    const { messages } = keep([...shown, error]);
    expect([messages.length, messages.at(-1)]).toEqual([601, error]);
  });
});

describe("a run", () => {
  test("is known from its request's arrival, told in full once, and then only where it has changed", () => {
    const runs = open("a");
    const first = tell(runs, "a");
    expect(first).toMatchObject({ known: true, ended: null, messages: [] });
    runs.hear(header("a"), "stream", { name: "stdout", text: "1" });
    const second = tell(runs, "a", first.number);
    expect(second.messages).toEqual([print("1")]);
    expect(tell(runs, "a", second.number).messages).toEqual([]);
    runs.end(header("a"), { status: "ok", execution_count: 3 });
    expect(tell(runs, "a", second.number)).toMatchObject({
      ended: { status: "ok", executionCount: 3 },
      messages: [print("1")],
    });
  });

  test("is taken once, however often its request arrives", () => {
    const runs = open("a");
    const again = (id: string): boolean =>
      runs.begin({ header: header(id), metadata: { ringside_keep: true } });
    runs.hear(header("a"), "stream", { name: "stdout", text: "1" });
    expect([again("a"), again("b")]).toEqual([false, true]);
    runs.end(header("a"), { status: "ok" });
    expect([again("a"), tell(runs, "a").messages]).toEqual([false, [print("1")]]);
  });

  test("that nobody asked to keep, or that another kernel ran, is not known", () => {
    const runs = open();
    runs.begin({ header: header("a"), metadata: {} });
    runs.hear(header("a"), "stream", { name: "stdout", text: "1" });
    expect(tell(runs, "a").known).toBe(false);
  });

  test("goes when the next begins, unless it has not ended yet", () => {
    const runs = open("a", "b");
    runs.end(header("a"), { status: "ok" });
    runs.begin({ header: header("c"), metadata: { ringside_keep: true } });
    expect(["a", "b", "c"].map((id) => tell(runs, id).known)).toEqual([false, true, true]);
  });
});
