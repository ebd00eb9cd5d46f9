// Keeps one cell's text in step with the server while it is typed. What the server has confirmed is `synced`; what was typed
// since is sent a moment later, and when somebody else was faster, both changes are kept. What cannot be sent is put aside in
// the browser, and comes back with the next visit.

import type { ChangeSet } from "@codemirror/state";
import type { EditAnswer, Origin } from "../protocol.js";
import { NoAnswer, order } from "./ask.js";
import { theirChange } from "./merge-text.js";

const TYPING_MS = 120;
const RETRY_MS = 1_500;

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
  private timer = 0;
  private sending: Promise<void> | null = null;
  private readonly aside: string;

  constructor(private readonly spec: SavedTextSpec) {
    this.synced = spec.synced;
    this.aside = `ringside-unsaved ${spec.slug} ${spec.cell}`;
  }

  /** Brings back what an earlier visit could not save. Call once the editor is there. */
  recover(): void {
    const kept = localStorage.getItem(this.aside);
    if (kept === null) return;
    const { base, text } = JSON.parse(kept) as { base: string; text: string };
    this.spec.apply(theirChange(base, this.synced.text, text));
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
    const { slug, cell } = this.spec;
    while (this.spec.current() !== this.synced.text) {
      const text = this.spec.current();
      try {
        const answer = await order<EditAnswer>(`/api/edit/${slug}`, {
          cell,
          text,
          version: this.synced.version,
        });
        if (answer.accepted) this.synced = { text, version: answer.version };
        else this.merge(answer);
        this.spec.onOrigin(answer.origin);
      } catch (error) {
        localStorage.setItem(this.aside, JSON.stringify({ base: this.synced.text, text }));
        this.spec.onSaved(
          error instanceof NoAnswer ? "kept in this browser until the lab answers" : (error as Error).message,
        );
        this.timer = window.setTimeout(() => void this.flush(), RETRY_MS);
        return;
      }
    }
    localStorage.removeItem(this.aside);
    this.spec.onSaved(null);
  }

  private merge(theirs: Synced): void {
    const change = theirChange(this.synced.text, this.spec.current(), theirs.text);
    this.synced = { text: theirs.text, version: theirs.version };
    this.spec.apply(change);
    if (this.spec.current() !== theirs.text) this.typed();
  }
}
