// What a cell has said so far, kept for whoever comes back for it: the course page's server may be killed while a cell runs,
// and what the kernel publishes when nobody listens is gone. A run is kept where its execute_request asks for it
// (`metadata.ringside_keep`), under the request's msg_id, from its arrival until the next such request comes after its end.
//
// Kept is not every message but what they come to: text is joined, an update takes the place of the one before, and what was
// cleared goes. So a cell that draws for an hour costs no more than its last picture, and who asks gets all of it at once,
// in order and without a gap.
"use strict";

/** More than the page shows of one run (lab/src/course/output-view.ts), so that its own cut is the one that is seen. */
const MAX_CHARACTERS = 400_000;
const MAX_OUTPUTS = 600;

const OUTPUTS = new Set(["stream", "display_data", "execute_result", "error"]);
const KEPT = new Set([...OUTPUTS, "execute_input"]);

class KeptRun {
  constructor() {
    /** @type {{ type: string, content: object }[]} */
    this.messages = [];
    /** Grows with each change, so that who knows this state need not be sent it again. */
    this.number = 0;
    this.characters = 0;
    this.clearFirst = false;
    this.since = performance.now();
    /** @type {{ status: string, executionCount: number | null, ms: number } | null} */
    this.ended = null;
  }

  hear(type, content) {
    this.number++;
    if (type === "execute_input") this.since = performance.now();
    if (type === "clear_output") return this.#clear(content.wait === true);
    if (type === "update_display_data") return this.#update(content);
    if (!KEPT.has(type)) return;
    if (OUTPUTS.has(type) && this.clearFirst) this.#clear(false);
    if (type === "stream") return this.#print(content);
    if (type === "display_data" && this.#isFull()) return;
    this.messages.push({ type, content });
  }

  end({ status, execution_count = null }) {
    this.number++;
    this.ended = { status, executionCount: execution_count, ms: performance.now() - this.since };
  }

  #print({ name, text }) {
    const piece = text.slice(0, Math.max(0, MAX_CHARACTERS - this.characters));
    this.characters += piece.length;
    const last = this.messages.at(-1);
    if (last?.type === "stream" && last.content.name === name) last.content.text += piece;
    else if (piece !== "" && !this.#isFull())
      this.messages.push({ type: "stream", content: { name, text: piece } });
  }

  #clear(wait) {
    this.clearFirst = wait;
    if (wait) return;
    this.messages = this.messages.filter(({ type }) => type === "execute_input");
    this.characters = 0;
  }

  #update({ transient, data }) {
    const id = transient?.display_id;
    const shown = this.messages.findLast(({ content }) => content.transient?.display_id === id);
    if (id !== undefined && shown !== undefined) shown.content = { ...shown.content, data };
  }

  #isFull() {
    return this.messages.filter(({ type }) => OUTPUTS.has(type)).length >= MAX_OUTPUTS;
  }
}

class KeptRuns {
  constructor() {
    /** @type {Map<string, KeptRun>} by the msg_id of the request */
    this.runs = new Map();
  }

  /**
   * A request has arrived; it need not run yet.
   * @returns false where it has arrived before: who could not know that sent it again, and follows the first
   */
  begin({ header, metadata }) {
    if (metadata.ringside_keep !== true) return true;
    if (this.runs.has(header.msg_id)) return false;
    for (const [id, run] of this.runs) if (run.ended !== null) this.runs.delete(id);
    this.runs.set(header.msg_id, new KeptRun());
    return true;
  }

  hear(parent, type, content) {
    this.runs.get(parent.msg_id)?.hear(type, content);
  }

  end(parent, reply) {
    this.runs.get(parent.msg_id)?.end(reply);
  }

  /** Answers who asks for a run and has seen its state up to a number. */
  tell({ run, seen }) {
    const kept = this.runs.get(run);
    if (kept === undefined) return { status: "ok", known: false };
    const { number, messages, ended } = kept;
    return { status: "ok", known: true, number, ended, messages: number === seen ? [] : messages };
  }
}

module.exports = { KeptRuns };
