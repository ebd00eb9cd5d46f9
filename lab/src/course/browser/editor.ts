// A cell's editor: CodeMirror with TypeScript colours, completion and explanation from the kernel, and the keys that notebook
// users know. Escape leaves it, so that nobody who has only a keyboard is caught in it.

import {
  acceptCompletion,
  closeBrackets,
  completionKeymap,
  completionStatus,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type ChangeSet, EditorState, type Extension, Prec, Transaction } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { codeColours, editorTheme } from "./editor-theme.js";
import { explainAtCursor, kernelHelp } from "./kernel-help.js";

export interface EditorSpec {
  readonly slug: string;
  readonly text: string;
  /** For screen readers: `Code of cell 3`. */
  readonly label: string;
  onType(): void;
  /** @param next whether to go on to the next cell */
  onRun(next: boolean): void;
  onLeave(): void;
  onFocus(): void;
}

/** Makes an editor; put its `dom` into the page. */
export function makeEditor(spec: EditorSpec): EditorView {
  const extensions = [
    keysOf(spec),
    EDITING,
    LOOKS,
    kernelHelp(spec.slug),
    describedAs(spec.label),
    heardBy(spec),
  ];
  return new EditorView({ state: EditorState.create({ doc: spec.text, extensions }) });
}

/** What typing does in any editor of TypeScript. */
const EDITING: Extension = [
  history(),
  indentOnInput(),
  indentUnit.of("  "),
  bracketMatching(),
  closeBrackets(),
  javascript({ typescript: true }),
];

const LOOKS: Extension = [
  lineNumbers(),
  drawSelection(),
  syntaxHighlighting(codeColours),
  EditorView.lineWrapping,
  editorTheme,
];

/** The notebook's own keys come before the editor's. */
function keysOf(spec: EditorSpec): Extension {
  const run = (next: boolean) => () => {
    spec.onRun(next);
    return true;
  };
  const leave = (view: EditorView): boolean => {
    if (completionStatus(view.state) !== null) return false;
    spec.onLeave();
    return true;
  };
  const own = [
    { key: "Shift-Enter", run: run(true) },
    { key: "Mod-Enter", run: run(false) },
    { key: "Ctrl-Enter", run: run(false) },
    { key: "Tab", run: (view: EditorView) => acceptCompletion(view) || indentMore(view) },
    { key: "Shift-Tab", run: (view: EditorView) => explainAtCursor(view) || indentLess(view) },
    { key: "Escape", run: leave },
  ];
  return [Prec.high(keymap.of(own)), keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap])];
}

function describedAs(label: string): Extension {
  return [
    EditorView.cspNonce.of(pageNonce()),
    EditorView.contentAttributes.of({
      "aria-label": label,
      "aria-description": "Shift Enter runs the cell, Shift Tab explains a name, Escape leaves the editor",
      spellcheck: "false",
    }),
  ];
}

function heardBy(spec: EditorSpec): Extension {
  return EditorView.updateListener.of((update) => {
    const typed = update.docChanged && !update.transactions.some((t) => t.annotation(Transaction.remote));
    if (typed) spec.onType();
    if (update.focusChanged && update.view.hasFocus) spec.onFocus();
  });
}

/** Puts somebody else's change into the text; undo leaves it alone. */
export function applyRemote(view: EditorView, changes: ChangeSet): void {
  const annotations = [Transaction.remote.of(true), Transaction.addToHistory.of(false)];
  view.dispatch({ changes, annotations });
}

/** The one thing that may make a style sheet in this page is who knows this. */
function pageNonce(): string {
  return document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
}
