// What a front-end asks about code that is not run: is it complete, what could follow, what is this?
"use strict";
const { printQuickInfo, ts } = require("./tslab.cjs");

/** Jupyter counts characters, JavaScript UTF-16 units. */
const toUnits = (code, position) => [...code].slice(0, position).join("").length;
const toCharacters = (code, position) => [...code.slice(0, position)].length;

/** @returns content of `is_complete_reply`; two empty lines at the end mean "run it anyway" */
function isComplete({ code }) {
  if (/(^|\n)\s*\n\s*$/.test(code)) return { status: "complete" };
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.Latest, false, ts.ScriptKind.TS);
  if (file.parseDiagnostics.length === 0) return { status: "complete" };
  // Only a problem at the very end can be mended by typing on.
  const end = code.trimEnd().length;
  const openEnded = file.parseDiagnostics.some(({ start }) => start >= end);
  return openEnded ? { status: "incomplete", indent: indentAfter(code) } : { status: "invalid" };
}

function indentAfter(code) {
  const last = code.trimEnd().split("\n").at(-1);
  const indent = /^\s*/.exec(last)[0];
  return /[{([]$/.test(last) ? `${indent}  ` : indent;
}

function complete(executor, { code, cursor_pos: cursor }) {
  const { start, end, candidates } = executor.complete(code, toUnits(code, cursor));
  return {
    status: "ok",
    matches: candidates,
    cursor_start: toCharacters(code, start),
    cursor_end: toCharacters(code, end),
    metadata: {},
  };
}

function inspectCode(executor, { code, cursor_pos: cursor }) {
  const text = quickInfo(executor, code, toUnits(code, cursor));
  const data = text === null ? {} : { "text/plain": text };
  return { status: "ok", found: text !== null, data, metadata: {} };
}

/** @returns {string | null} type and documentation of the name at `position`, or of the one that ends there */
function quickInfo(executor, code, position) {
  const info = executor.inspect(code, position) ?? executor.inspect(code, Math.max(0, position - 1));
  return info ? printQuickInfo(info) : null;
}

/**
 * `fetch?` as a whole cell asks for help instead of running.
 * @returns {object[] | null} the payload that opens a front-end's pager, or null for any other cell
 */
function helpPayload(executor, code) {
  const name = /^\s*([\w$.]+)\?\s*$/.exec(code)?.[1];
  if (name === undefined) return null;
  const text = quickInfo(executor, name, name.length - 1) ?? `Nothing is known about ${name}.`;
  return [{ source: "page", data: { "text/plain": text }, start: 0 }];
}

module.exports = { isComplete, complete, inspectCode, helpPayload };
