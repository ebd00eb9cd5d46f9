import { collectOutputs } from "ringside/jupyter";
import { describe, expect, test } from "vitest";

const stream = (text: string, name = "stdout") => ({ type: "stream", content: { name, text } });
const picture = (text: string, id?: string) => ({
  type: "display_data",
  content: { data: { "text/plain": text }, metadata: {}, transient: { display_id: id } },
});

describe("collecting a cell's outputs", () => {
  test("joins a stream until another output comes", () => {
    const { outputs, accept } = collectOutputs();
    for (const message of [stream("a"), stream("b"), stream("x", "stderr"), stream("c")]) accept(message);
    expect(outputs.map((output) => "text" in output && output.text)).toEqual(["ab", "x", "c"]);
  });

  test("replaces a display that has an id, in place", () => {
    const { outputs, accept } = collectOutputs();
    accept(picture("first", "p"));
    accept(stream("between"));
    expect(accept({ ...picture("second", "p"), type: "update_display_data" })).toBe(true);
    expect(accept({ ...picture("nobody's", "q"), type: "update_display_data" })).toBe(false);
    expect(outputs).toMatchObject([{ data: { "text/plain": "second" } }, { text: "between" }]);
  });

  test("clears at once, or with the next output", () => {
    const { outputs, accept } = collectOutputs();
    accept(stream("a"));
    accept({ type: "clear_output", content: { wait: true } });
    expect(outputs).toHaveLength(1);
    accept(stream("b"));
    expect(outputs).toMatchObject([{ text: "b" }]);
    accept({ type: "clear_output", content: { wait: false } });
    expect(outputs).toEqual([]);
  });

  test("ignores what is no output", () => {
    expect(collectOutputs().accept({ type: "status", content: { execution_state: "busy" } })).toBe(false);
  });
});
