// What a cell prints goes through here on its way to the iopub socket: in order, and coalesced.
//
// A loop of 5 000 `console.log` is one message, not 5 000: pieces of the same stream of the same cell are
// joined until something else has to be sent, the event loop turns, the text grows large, or it grows old.
// The last two let a long synchronous loop show its progress while it runs.
"use strict";

const FLUSH_CHARACTERS = 64 * 1024;
const FLUSH_AGE_MS = 50;

/**
 * @param {(type: string, parent: object, content: object) => void} send publishes one message at once
 * @returns `stream` adds text; `publish` sends anything else, after the text before it; `flush` sends the text
 */
function createOutbox(send) {
  /** @type {{ name: string, parent: object, pieces: string[], characters: number, since: number } | null} */
  let open = null;

  function flush() {
    if (open === null) return;
    const { name, parent, pieces } = open;
    open = null;
    send("stream", parent, { name, text: pieces.join("") });
  }

  function stream(name, parent, text) {
    if (text === "") return;
    if (open !== null && (open.name !== name || open.parent !== parent)) flush();
    if (open === null) {
      open = { name, parent, pieces: [], characters: 0, since: performance.now() };
      setImmediate(flush);
    }
    open.pieces.push(text);
    open.characters += text.length;
    if (open.characters >= FLUSH_CHARACTERS || performance.now() - open.since >= FLUSH_AGE_MS) flush();
  }

  function publish(type, parent, content) {
    flush();
    send(type, parent, content);
  }

  return { stream, publish, flush };
}

module.exports = { createOutbox };
