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

  function accept({ type, content }: OutputMessage): boolean {
    switch (type) {
      case "stream":
        add({ output_type: "stream", name: content.name, text: content.text });
        return true;
      case "display_data":
      case "execute_result": {
        const { data, metadata } = content;
        const output: Output =
          type === "display_data"
            ? { output_type: type, data, metadata }
            : { output_type: type, data, metadata, execution_count: content.execution_count };
        add(output);
        const id = content.transient?.display_id;
        if (id !== undefined) byDisplayId.set(id, output);
        return true;
      }
      case "update_display_data": {
        const shown = byDisplayId.get(content.transient?.display_id);
        if (shown) shown.data = content.data;
        return shown !== undefined;
      }
      case "error":
        add({
          output_type: "error",
          ename: content.ename,
          evalue: content.evalue,
          traceback: content.traceback,
        });
        return true;
      case "clear_output":
        if (content.wait) clearFirst = true;
        else outputs.length = 0;
        return true;
      default:
        return false;
    }
  }

  return { outputs, accept };
}
