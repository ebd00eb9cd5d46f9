// From the stream of messages that a running cell sends to the outputs that its notebook keeps.

import type { MimeBundle, Output } from "./notebook.js";

/** A message of the iopub channel, as far as outputs are concerned. */
export interface OutputMessage {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: content differs by type; the Jupyter documentation is its schema
  readonly content: any;
}

/** Collects outputs as a front-end would show them. */
export interface OutputCollector {
  readonly outputs: Output[];
  /** @returns whether the message changed the outputs */
  accept(message: OutputMessage): boolean;
}

/** Joins streams, lets a display with an id replace itself, and obeys `clear_output`. */
export function collectOutputs(): OutputCollector {
  const outputs: Output[] = [];
  const byDisplayId = new Map<string, { data: MimeBundle }>();
  let clearFirst = false;

  function add(output: Output): void {
    if (clearFirst) outputs.length = 0;
    clearFirst = false;
    const last = outputs.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      last.text += output.text;
    } else {
      outputs.push(output);
    }
  }

  function accept(message: OutputMessage): boolean {
    const { type, content } = message;
    const id = content.transient?.display_id;
    if (type === "clear_output") {
      if (content.wait) clearFirst = true;
      else outputs.length = 0;
      return true;
    }
    if (type === "update_display_data") {
      const shown = byDisplayId.get(id);
      if (shown) shown.data = content.data;
      return shown !== undefined;
    }
    const output = outputOf(message);
    if (output === null) return false;
    add(output);
    if (id !== undefined && "data" in output) byDisplayId.set(id, output);
    return true;
  }

  return { outputs, accept };
}

/** What a message adds to the outputs; null for one that adds nothing. */
function outputOf({ type, content }: OutputMessage): Output | null {
  switch (type) {
    case "stream":
      return { output_type: "stream", name: content.name, text: content.text };
    case "display_data":
      return { output_type: type, data: content.data, metadata: content.metadata };
    case "execute_result": {
      const { data, metadata, execution_count } = content;
      return { output_type: type, data, metadata, execution_count };
    }
    case "error": {
      const { ename, evalue, traceback } = content;
      return { output_type: type, ename, evalue, traceback };
    }
    default:
      return null;
  }
}
