// Keeps one cell's text in step with the server while it is typed. What the server has confirmed is `synced`; what was typed
// since is sent a moment later, and when somebody else was faster, both changes are kept. What is on its way is put aside in
// the browser until it is confirmed, and comes back with the next visit. A request without an answer may have arrived, so the
// same text is sent again before any other: the server knows it then, and takes nothing twice.

import type { ChangeSet } from "@codemirror/state";
import type { EditAnswer, Origin } from "../protocol.js";
import { asideOf, forgetAside, putAside } from "./aside.js";
import { NoAnswer, order } from "./ask.js";
import { theirChange } from "./merge-text.js";

const TYPING_MS = 120;
const RETRY_MS = 1_500;
/** A network that is gone may end no connection: what has no answer by then is sent again. */
const ANSWER_MS = 10_000;

/** A text and the server's number for it. */
export interface Synced {
  readonly text: string;
  readonly version: number;
}

export interface SavedTextSpec {
  readonly slug: string;
  readonly cell: string;
  readonly synced: Synced;
  /** The text as it is in the editor. */
  current(): string;
  /** Brings somebody else's change into the editor. */
  apply(change: ChangeSet): void;
  onOrigin(origin: Origin): void;
  /** `null`: saved; else why not yet. */
  onSaved(problem: string | null): void;
}

export class SavedText {
  private synced: Synced;
  /** What was sent, while nobody knows whether it arrived. */
  private unanswered: string | null = null;
  private timer = 0;
  private sending: Promise<void> | null = null;
  private readonly aside: string;

  constructor(private readonly spec: SavedTextSpec) {
    this.synced = spec.synced;
    this.aside = `ringside-unsaved ${spec.slug} ${spec.cell}`;
  }

  /** Brings back what an earlier visit could not save. Call once the editor is there. */
  recover(): void {
    const kept = asideOf(this.aside);
    if (kept === null) return;
    const { base, sent, text } = kept;
    const isTaken = this.synced.text === sent;
    this.spec.apply(theirChange(isTaken ? sent : base, this.synced.text, text));
    this.typed();
  }

  /** The editor's text changed. */
  typed(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.flush(), TYPING_MS);
  }

  /** Another tab, Jupyter or the server's own hand changed it. */
  remote(theirs: Synced): void {
    if (this.sending !== null) void this.sending.then(() => this.remote(theirs));
    else if (theirs.version > this.synced.version) this.merge(theirs);
  }

  /** Sends what is not saved yet. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.sending ??= this.send().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  private async send(): Promise<void> {
    while (this.unanswered !== null || this.spec.current() !== this.synced.text) {
      this.unanswered ??= this.spec.current();
      const text = this.unanswered;
      const isKept = putAside(this.aside, { base: this.synced.text, sent: text, text: this.spec.current() });
      try {
        this.take(text, await this.sendText(text));
      } catch (error) {
        this.spec.onSaved(this.reasonOf(error as Error, isKept));
        this.timer = window.setTimeout(() => void this.flush(), RETRY_MS);
        return;
      }
    }
    forgetAside(this.aside);
    this.spec.onSaved(null);
  }

  private sendText(text: string): Promise<EditAnswer> {
    const { slug, cell } = this.spec;
    const { version } = this.synced;
    return order(`/api/edit/${slug}`, { cell, text, version }, ANSWER_MS);
  }

  private take(text: string, answer: EditAnswer): void {
    if (answer.accepted) this.synced = { text, version: answer.version };
    else this.merge(answer);
    this.unanswered = null;
    this.spec.onOrigin(answer.origin);
  }

  private reasonOf(error: Error, isKept: boolean): string {
    if (error instanceof NoAnswer) return `kept in this ${isKept ? "browser" : "tab"} until the lab answers`;
    this.unanswered = null;
    return error.message;
  }

  private merge(theirs: Synced): void {
    const isOurs = theirs.text === this.unanswered;
    const change = theirChange(isOurs ? theirs.text : this.synced.text, this.spec.current(), theirs.text);
    this.synced = { text: theirs.text, version: theirs.version };
    this.unanswered = null;
    this.spec.apply(change);
    if (this.spec.current() !== theirs.text) this.typed();
  }
}
