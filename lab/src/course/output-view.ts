// What a kernel puts out, cut to what a page can carry: a loop that prints for ever fills neither our memory nor the browser's.

import { collectOutputs, type Output, type OutputCollector, type OutputMessage } from "../jupyter/index.js";
import type { OutputView } from "./protocol.js";

/** Characters of printed text that one run of a cell keeps, and characters of one picture or table. */
const MAX_TEXT = 200_000;
const MAX_BUNDLE = 4_000_000;
/** Pictures, tables and texts that one run of a cell keeps. */
const MAX_OUTPUTS = 300;

/** Collects the outputs of one run within the limits. */
export function collectWithinLimits(): OutputCollector {
  const collector = collectOutputs();
  let printed = 0;
  function accept(message: OutputMessage): boolean {
    const isNew = message.type === "stream" || message.type === "display_data";
    if (isNew && collector.outputs.length >= MAX_OUTPUTS) return false;
    if (message.type !== "stream") return collector.accept(message);
    if (printed > MAX_TEXT) return false;
    const text = String(message.content.text);
    printed += text.length;
    if (printed <= MAX_TEXT) return collector.accept(message);
    const cut = `${text.slice(0, MAX_TEXT - printed)}\n[Cut here: the cell printed more than ${MAX_TEXT} characters]\n`;
    return collector.accept({ type: "stream", content: { name: message.content.name, text: cut } });
  }
  return { outputs: collector.outputs, accept };
}

/** An output for the page. */
export function viewOutput(output: Output): OutputView {
  switch (output.output_type) {
    case "stream":
      return { kind: "text", stream: output.name === "stderr" ? "stderr" : "stdout", text: output.text };
    case "error":
      return { kind: "error", name: output.ename, text: output.traceback.join("\n") };
    default:
      return { kind: "bundle", data: texts(output.data) };
  }
}

function texts(data: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(data).map(([type, value]) => [type, asText(value)] as const);
  const carried = entries.filter(([, text]) => text.length <= MAX_BUNDLE);
  if (carried.length > 0) return Object.fromEntries(carried);
  return { "text/plain": `[Not shown: larger than ${MAX_BUNDLE} characters]` };
}

/** Jupyter keeps text whole or in lines, and JSON as it is. */
function asText(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return value.join("");
  return JSON.stringify(value) ?? "";
}
