// One test for each thing that stock tslab gets wrong and our launcher mends, through a real Jupyter server.

import { collectOutputs, type Executed, type RunningKernel, startKernel } from "ringside/jupyter";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type LiveLab, openLiveLab } from "../jupyter/live-lab.js";

const BUDGET_MS = 20_000;

let lab: LiveLab;
let kernel: RunningKernel;

beforeAll(async () => {
  lab = await openLiveLab();
  kernel = await startKernel(lab.server, "conformance.ipynb");
});
afterAll(async () => {
  await kernel?.close();
  await lab?.close();
});

interface Ran extends Executed {
  /** Everything printed, and the plain text of what was displayed. */
  readonly text: string;
  readonly error: { ename: string; evalue: string; traceback: string[] } | undefined;
  /** Message types in order. */
  readonly types: string[];
}

async function run(code: string, budgetMs = BUDGET_MS): Promise<Ran> {
  const collector = collectOutputs();
  const types: string[] = [];
  const executed = await kernel.execute(code, budgetMs, (message) => {
    types.push(message.type);
    collector.accept(message);
  });
  const text = collector.outputs
    .map((output) => {
      if (output.output_type === "stream") return output.text;
      return output.output_type === "error" ? "" : String(output.data["text/plain"]);
    })
    .join("");
  const error = collector.outputs.find((output) => output.output_type === "error");
  if (error?.output_type === "error") {
    error.evalue = relabel(error.evalue, executed.executionCount);
    error.traceback = error.traceback.map((line) => relabel(line, executed.executionCount));
  }
  return { ...executed, text, error: error as Ran["error"], types };
}

/** Cells of one kernel share a count; a test knows only its last two. */
function relabel(text: string, count: number | null): string {
  return text.replaceAll(`In[${count}]`, "In[this]").replaceAll(`In[${Number(count) - 1}]`, "In[before]");
}

/** Starts a cell and waits until it has printed `sign`. */
function start(
  code: string,
  sign: string,
): { ready: Promise<void>; ended: Promise<Executed>; printed: () => string } {
  let printed = "";
  let ended: Promise<Executed>;
  const ready = new Promise<void>((resolve) => {
    ended = kernel.execute(code, BUDGET_MS, ({ type, content }) => {
      if (type === "stream") printed += content.text;
      if (printed.includes(sign)) resolve();
    });
  });
  return { ready, ended: ended!, printed: () => printed };
}

describe("names of earlier cells", () => {
  test("may be used in shorthand", async () => {
    await run("const v = 1;");
    expect((await run("({ v })")).text).toBe("{ v: 1 }");
  });

  test("may be taken apart and renamed", async () => {
    await run("const point = { a: 1, inner: { c: 2 } };\nlet late = 0;");
    const { text } = await run(
      "const { a: renamed, inner: { c: deep } } = point;\n({ a: late } = point);\n[renamed, deep, late]",
    );
    expect(text).toBe("[ 1, 2, 1 ]");
  });
});

describe("asynchronous cells", () => {
  test("may loop with for await and nothing else to await", async () => {
    await run("async function* numbers() { yield 1; yield 2; }");
    expect((await run("for await (const n of numbers()) console.log(n);")).text).toBe("1\n2\n");
  });

  test("may await something in parentheses alone", async () => {
    expect((await run("await (async () => 7)()")).text).toBe("7");
  });
});

describe("output", () => {
  test("of 5 000 prints in one synchronous loop arrives whole, in order, in few messages, and the cell ends", async () => {
    const { status, text, types } = await run("for (let i = 0; i < 5000; i++) console.log(i);");
    expect(status).toBe("ok");
    expect(text).toBe(Array.from({ length: 5000 }, (_, i) => `${i}\n`).join(""));
    expect(types.filter((type) => type === "stream").length).toBeLessThan(50);
    expect(types.at(-1)).toBe("status");
  });

  test("of 2 000 displays in one synchronous loop arrives whole", async () => {
    await run('import { display } from "tslab";');
    const { types } = await run("for (let i = 0; i < 2000; i++) display.text(String(i));");
    expect(types.filter((type) => type === "display_data")).toHaveLength(2000);
  });

  test("comes in the order busy, input, text, result, idle", async () => {
    const { types } = await run('console.log("a");\n1 + 1');
    expect(types).toEqual(["status", "execute_input", "stream", "execute_result", "status"]);
  });

  test("of a timer goes to the cell that set it", async () => {
    const first = start('setTimeout(() => console.log("late"), 50);\nconsole.log("set");', "late");
    const second = await run("await new Promise((resolve) => setTimeout(resolve, 150));");
    expect(second.text).toBe("");
    await first.ended;
  });
});

describe("errors", () => {
  test("name the line of the cell, and no frame of tslab or Node", async () => {
    const { status, error } = await run(
      `interface Frame { n: number }
import * as fs from "fs";
// a comment that does not reach the compiled code

function parse(frame: Frame): number {
  if (frame.n > 1)
    throw new RangeError("frame of " + frame.n);
  return 1;
}
parse({ n: 1 });
parse({ n: 2 });`,
    );
    expect(status).toBe("error");
    expect(error).toMatchObject({ ename: "RangeError", evalue: "frame of 2" });
    expect(error?.traceback).toEqual([
      "In[this], line 7",
      "    5 | function parse(frame: Frame): number {",
      "    6 |   if (frame.n > 1)",
      '--> 7 |     throw new RangeError("frame of " + frame.n);',
      "",
      "RangeError: frame of 2",
      "    at parse (In[this]:7:11)",
      "    at In[this]:11:1",
    ]);
  });

  test("that say what to do next end with that, without the calls that led there", async () => {
    const { error } = await run(
      "function open(): never {\n  throw new RangeError('Cannot open b: no root -> use sudo');\n}\nopen();",
    );
    expect(error?.traceback.slice(-2)).toEqual(["", "RangeError: Cannot open b: no root -> use sudo"]);
  });

  test("name the cell a function was written in", async () => {
    await run("function fail(): never {\n  throw new Error('here');\n}");
    const { error } = await run("\n\nfail();");
    expect(error?.traceback.filter((line) => line.startsWith("    at"))).toEqual([
      "    at fail (In[before]:2:9)",
      "    at In[this]:3:1",
    ]);
  });

  test("deep in other code still show the cell's line", async () => {
    const { error } = await run(
      "function down(n: number): void {\n  if (n === 0) throw new Error('deep');\n  down(n - 1);\n}\ndown(20);",
    );
    expect(error?.traceback.at(-1)).toBe("    at In[this]:5:1");
  });

  test("after an await name the right line, too", async () => {
    const { error } = await run("await null;\nconst o = {};\nthrow new Error(JSON.stringify({ o }));");
    expect(error?.traceback[0]).toBe("In[this], line 3");
  });

  test("in a C text between backticks show the cell's own line of it", async () => {
    const { error } = await run(
      `import { xdp } from "ringside";
// two lines above the text

const wrong = xdp\`
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp") int wrong(struct xdp_md *ctx)
{
	return XDP_PAS;
}
\`;`,
    );
    expect(error).toMatchObject({ ename: "CompileError" });
    expect(error?.evalue).toMatch(
      /^Cannot compile the C text of In\[this\] \(In\[this\]:10:9\): line 10: use of undeclared/,
    );
    expect(error?.traceback.slice(0, 4)).toEqual([
      "In[this], line 10",
      '     8 | SEC("xdp") int wrong(struct xdp_md *ctx)',
      "     9 | {",
      "--> 10 | \treturn XDP_PAS;",
    ]);
  });

  test("of types name every line, and the column the author sees", async () => {
    await run("const v = 1;");
    const { error } = await run("const s: string = 1;\n\nconst o = { v }; const t: string = v;");
    expect(error?.ename).toBe("TypeScriptError");
    expect(error?.evalue).toBe(
      "In[this]:1:7 Type 'number' is not assignable to type 'string'.\nIn[this]:3:24 Type 'number' is not assignable to type 'string'.",
    );
  });

  test("abort the cells that were sent before, and none that is sent after", async () => {
    const [first, failing, ...waiting] = await Promise.all([
      run("1"),
      run("const begin = Date.now();\nwhile (Date.now() - begin < 100);\nthrow new Error('no');"),
      run("2"),
      run("3"),
    ]);
    expect([first.status, failing.status, ...waiting.map(({ status }) => status)]).toEqual([
      "ok",
      "error",
      "aborted",
      "aborted",
    ]);
    const after = await run("4");
    expect([after.status, after.text]).toEqual(["ok", "4"]);
  });

  test("that nobody caught are shown, and the kernel lives on", async () => {
    const { text } = await run(
      "void Promise.reject(new Error('lost'));\nawait new Promise((resolve) => setTimeout(resolve, 50));",
    );
    expect(text).toContain("Nobody awaited the promise that failed: Error: lost");
    expect((await run("1")).text).toBe("1");
  });
});

describe("the stop button", () => {
  test("ends a cell that awaits for ever, soon, and its later output shows nowhere", async () => {
    const { ready, ended, printed } = start(
      'setInterval(() => console.log("tick"), 20);\nawait new Promise(() => {});',
      "tick",
    );
    await ready;
    const stopped = performance.now();
    await kernel.interrupt();
    expect((await ended).status).toBe("error");
    console.log(`stop button to the end of the cell: ${Math.round(performance.now() - stopped)} ms`);
    const before = printed();
    const next = await run("await new Promise((resolve) => setTimeout(resolve, 200));\n'next'");
    expect(next.text).toBe("next");
    expect(printed()).toBe(before);
  });

  test("says KeyboardInterrupt", async () => {
    const { error, status } = await run("await new Promise(() => {});", 300);
    expect(status).toBe("timeout");
    expect(error).toMatchObject({ ename: "KeyboardInterrupt", evalue: "In[this] was stopped" });
  });

  test("aborts the cell's signal first, so that a cell can clean up and end by itself", async () => {
    const { error, text } = await run(
      `const { signal } = (globalThis as any)[Symbol.for("ringside.interrupt")];
await new Promise((_, reject) => signal.addEventListener("abort", () => {
  console.log("removed");
  reject(new Error("after 3 of 10 pairs"));
}));`,
      300,
    );
    expect(text).toBe("removed\n");
    expect(error?.evalue).toBe("In[this] was stopped (after 3 of 10 pairs)");
  });

  test("gives the next cell a signal of its own", async () => {
    await run("await new Promise(() => {});", 300);
    expect((await run('(globalThis as any)[Symbol.for("ringside.interrupt")].signal.aborted')).text).toBe(
      "false",
    );
  });

  test("breaks a synchronous loop", async () => {
    const { status, error } = await run("while (true);", 300);
    expect([status, error?.ename]).toEqual(["timeout", "KeyboardInterrupt"]);
    expect((await run("1")).text).toBe("1");
  });

  test.each([
    ["fails", "error", "await new Promise(() => {});"],
    [
      "ends well",
      "ok",
      "await new Promise((stop) => (globalThis as any)[Symbol.for('ringside.interrupt')].signal.addEventListener('abort', stop));",
    ],
  ])("aborts the cells that wait, when the stopped one %s", async (_how, status, code) => {
    const { ready, ended } = start(`console.log("on");\n${code}`, "on");
    await ready;
    const waiting = [run("1"), run("2")];
    // The server has passed them on when it answers something else.
    await fetch(`${lab.server.baseUrl}api`);
    await kernel.interrupt();
    expect((await ended).status).toBe(status);
    for (const each of await Promise.all(waiting)) expect(each.status).toBe("aborted");
    expect((await run("3")).text).toBe("3");
  });
});

test("a kernel ends when its server is killed", async () => {
  const other = await openLiveLab();
  const orphan = await startKernel(other.server, "orphan.ipynb");
  let pid = 0;
  await orphan.execute("process.pid", BUDGET_MS, ({ type, content }) => {
    if (type === "execute_result") pid = Number(content.data["text/plain"]);
  });
  process.kill(other.server.pid, "SIGKILL");
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), {
    timeout: 5000,
    interval: 50,
  });
  await orphan.close();
  await other.close();
});
