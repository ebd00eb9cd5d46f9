import { createRequire } from "node:module";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";

interface Outbox {
  stream(name: string, parent: object, text: string): void;
  publish(type: string, parent: object, content: object): void;
  flush(): void;
}
const { createOutbox } = createRequire(import.meta.url)("../../kernels/jupyter/outbox.cjs") as {
  createOutbox(send: (type: string, parent: object, content: object) => void): Outbox;
};

function open() {
  const sent: [string, object, { name?: string; text?: string }][] = [];
  return { sent, outbox: createOutbox((...message) => sent.push(message)) };
}
const CELL = {};

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the queue of a cell's output", () => {
  test("joins what a synchronous loop prints into few messages, in order", async () => {
    const { sent, outbox } = open();
    const lines = Array.from({ length: 5000 }, (_, index) => `${index}\n`);
    for (const line of lines) outbox.stream("stdout", CELL, line);
    await nextTurn();
    expect(sent.map(([, , { text }]) => text).join("")).toBe(lines.join(""));
    expect(sent.length).toBeLessThan(20);
  });

  test("sends text before whatever is published after it", () => {
    const { sent, outbox } = open();
    outbox.stream("stdout", CELL, "a");
    outbox.publish("display_data", CELL, {});
    outbox.stream("stdout", CELL, "b");
    outbox.flush();
    expect(sent.map(([type, , { text }]) => text ?? type)).toEqual(["a", "display_data", "b"]);
  });

  test("keeps stdout, stderr and different cells apart", () => {
    const { sent, outbox } = open();
    const other = {};
    outbox.stream("stdout", CELL, "a");
    outbox.stream("stderr", CELL, "b");
    outbox.stream("stderr", other, "c");
    outbox.flush();
    expect(sent.map(([, parent, { name, text }]) => [parent === CELL, name, text])).toEqual([
      [true, "stdout", "a"],
      [true, "stderr", "b"],
      [false, "stderr", "c"],
    ]);
  });

  test("shows the progress of a long synchronous loop while it runs", () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const { sent, outbox } = open();
    for (; now < 1000; now++) outbox.stream("stdout", CELL, ".");
    expect(sent.length).toBeGreaterThanOrEqual(19);
    expect(sent.length).toBeLessThanOrEqual(21);
  });

  test("does not let one message grow without end", () => {
    const { sent, outbox } = open();
    for (let i = 0; i < 10; i++) outbox.stream("stdout", CELL, "x".repeat(10_000));
    expect(sent.length).toBeGreaterThan(0);
  });
});
