// The field's words in running text: the first time one occurs in a cell it is a button that explains it, by mouse, keyboard
// and screen reader alike.

import type { Term } from "../protocol.js";
import { make } from "./dom.js";

const NOT_IN = "a, code, pre, button, h1, h2, h3, h4, th, summary";

/** Marks the words in an element's text. */
export function explainWords(element: HTMLElement, terms: readonly Term[]): void {
  const byWord = new Map(
    terms.flatMap((term) => term.words.map((word) => [word.toLowerCase(), term] as const)),
  );
  if (byWord.size === 0) return;
  const longestFirst = [...byWord.keys()].sort((a, b) => b.length - a.length).map(escapeRegExp);
  const pattern = new RegExp(`(?<![\\w-])(?:${longestFirst.join("|")})s?(?![\\w-])`, "i");
  const marked = new Set<Term>();
  for (const node of textNodes(element)) markIn(node, pattern, byWord, marked);
}

function markIn(node: Text, pattern: RegExp, byWord: ReadonlyMap<string, Term>, marked: Set<Term>): void {
  let rest: Text = node;
  for (let found = pattern.exec(rest.data); found !== null; found = pattern.exec(rest.data)) {
    const word = rest.splitText(found.index);
    rest = word.splitText(found[0].length);
    const key = found[0].toLowerCase();
    const term = byWord.get(key) ?? byWord.get(key.replace(/s$/, ""));
    if (term === undefined || marked.has(term)) continue;
    marked.add(term);
    word.replaceWith(termButton(found[0], term));
  }
}

let numbers = 0;

function termButton(text: string, { words, meaning }: Term): HTMLElement {
  const id = `term-${++numbers}`;
  const opener = make(
    "button",
    // Shown, not toggled: a finger that taps, and a mouse that clicks, have come over the word first, and it stands open by then.
    {
      ...{ type: "button", class: "term", "aria-describedby": id },
      ...{ popovertarget: id, popovertargetaction: "show" },
    },
    text,
  );
  const note = make("span", { id, class: "term-note", popover: "auto", role: "tooltip" });
  note.append(make("strong", {}, words[0]!), ` ${meaning}`);
  const show = (): void => {
    if (!note.isConnected || note.matches(":popover-open")) return;
    note.showPopover();
    place(note, opener);
  };
  note.addEventListener("toggle", () => place(note, opener));
  opener.addEventListener("mouseenter", show);
  opener.addEventListener("mouseleave", () => note.hidePopover());
  return make("span", { class: "term-box" }, opener, note);
}

/** Below its word, and inside the window. */
function place(note: HTMLElement, opener: HTMLElement): void {
  const { left, bottom } = opener.getBoundingClientRect();
  const room = document.documentElement.clientWidth - note.offsetWidth - 8;
  note.style.left = `${Math.max(8, Math.min(left, room))}px`;
  note.style.top = `${bottom + 6}px`;
}

function textNodes(element: HTMLElement): Text[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode() !== null) {
    const node = walker.currentNode as Text;
    if (node.parentElement?.closest(NOT_IN) === null) nodes.push(node);
  }
  return nodes;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
