// What was run in this kernel's life, for front-ends that let a person search it.
"use strict";

/** The session number every entry carries: one process is one session. */
const SESSION = 1;

function createHistory() {
  /** @type {{ count: number, code: string, result: string | null }[]} */
  const entries = [];

  /**
   * Answers a `history_request`.
   * @param {object} request its content
   * @returns {object} content of `history_reply`: `[session, line, input]`, or `[session, line, [input, output]]`
   */
  function answer(request) {
    const chosen = choose(request);
    const history = chosen.map(({ count, code, result }) => [
      SESSION,
      count,
      request.output ? [code, result] : code,
    ]);
    return { status: "ok", history };
  }

  function choose({ hist_access_type: access, n, start, stop, pattern, unique }) {
    if (access === "range") return entries.filter(({ count }) => count >= start && count < stop);
    if (access === "tail") return entries.slice(-(n || entries.length));
    let found = entries.filter(({ code }) => glob(pattern ?? "*").test(code));
    if (unique) found = [...new Map(found.map((entry) => [entry.code, entry])).values()];
    return n ? found.slice(-n) : found;
  }

  return { add: (entry) => entries.push(entry), answer };
}

function glob(pattern) {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
}

module.exports = { createHistory };
