// Completion and explanation come from the kernel, which knows what the cells so far have made. It counts characters where
// the editor counts UTF-16 units.

import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { type Extension, Facet, Prec, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, hoverTooltip, keymap, showTooltip, type Tooltip } from "@codemirror/view";
import { order } from "./ask.js";
import { make } from "./dom.js";

interface Completions {
  readonly matches: readonly string[];
  readonly start: number;
  readonly end: number;
}

const MAX_SHOWN = 200;

/** Which notebook an editor belongs to. */
const notebook = Facet.define<string, string>({ combine: ([slug = ""]) => slug });

/** The extension for a notebook's editors. */
export function kernelHelp(slug: string): Extension {
  return [
    autocompletion({ override: [(context) => complete(slug, context)], icons: false }),
    hoverTooltip((view, position) => explain(slug, view, position), { hoverTime: 500 }),
    explanation,
    notebook.of(slug),
    Prec.highest(keymap.of([{ key: "Escape", run: closeExplanation }])),
  ];
}

async function complete(slug: string, context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\w$]+/);
  const afterDot = context.matchBefore(/\.\s*[\w$]*/) !== null;
  if (!context.explicit && !afterDot && (word === null || word.text.length < 2)) return null;
  const code = context.state.doc.toString();
  const answer = await order<Completions | null>(`/api/complete/${slug}`, {
    code,
    cursor: toCharacters(code, context.pos),
  }).catch(() => null);
  if (answer === null || context.aborted) return null;
  const options = answer.matches.slice(0, MAX_SHOWN).map((label) => ({ label }));
  return { from: toUnits(code, answer.start), options, validFor: /^[\w$]*$/ };
}

async function explain(slug: string, view: EditorView, position: number): Promise<Tooltip | null> {
  const code = view.state.doc.toString();
  const cursor = toCharacters(code, position);
  const text = await order<string | null>(`/api/inspect/${slug}`, { code, cursor }).catch(() => null);
  if (text === null || position > view.state.doc.length) return null;
  const word = view.state.wordAt(position);
  const create = () => ({ dom: make("div", { class: "explanation", role: "note" }, text) });
  return { pos: word?.from ?? position, above: true, create };
}

const setExplanation = StateEffect.define<Tooltip | null>();

const explanation = StateField.define<Tooltip | null>({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setExplanation)) value = effect.value;
    return transaction.docChanged || transaction.selection ? null : value;
  },
  provide: (field) => showTooltip.from(field),
});

/** Explains the name at the cursor. @returns false where there is no name */
export function explainAtCursor(view: EditorView): boolean {
  const { head, empty } = view.state.selection.main;
  if (!empty || !/[\w$]/.test(view.state.sliceDoc(Math.max(0, head - 1), head + 1))) return false;
  const slug = view.state.facet(notebook);
  void explain(slug, view, head).then((tooltip) => {
    view.dispatch({ effects: setExplanation.of(tooltip) });
  });
  return true;
}

function closeExplanation(view: EditorView): boolean {
  if (view.state.field(explanation) === null) return false;
  view.dispatch({ effects: setExplanation.of(null) });
  return true;
}

const toCharacters = (text: string, units: number): number => [...text.slice(0, units)].length;
const toUnits = (text: string, characters: number): number => [...text].slice(0, characters).join("").length;
