// A learner's seat: his desk with his own copies and kernel, his store, and what the board wants to know of him. What a learner
// can reach over the net is this seat, whatever he sends.

import { readlinkSync } from "node:fs";
import { join } from "node:path";
import type { Assets, CourseEvent, LastRun, LearnerRow, MachineWatch, Seat, Wish } from "../course/index.js";
import { Desk, type DeskSpec } from "../course/index.js";
import type { Learner } from "./room-state.js";
import { type StoreView, standingOf, viewStore } from "./store-view.js";
import { placeOf, type Turn } from "./turns.js";

/** Folder of all learners' folders, below the room's. */
export const LEARNERS = "learners";
/** What the kernels' environment says of the store: a folder below the one that a kernel works in. */
export const STORE_FOLDER = "progress";

/** What all seats of a room share. */
export interface Shared {
  /** Its folder is the room's. */
  readonly server: DeskSpec["server"];
  /** Folder of the course's notebooks. */
  readonly course: string;
  readonly watch: MachineWatch;
  readonly assets: Assets;
}

/** One tab that is open. */
export interface Tab {
  readonly slug: string | null;
  send(event: CourseEvent): void;
}

export class LearnerSeat {
  readonly seat: Seat;
  readonly tabs: Set<Tab> = new Set();
  readonly store: StoreView;
  readonly desk: Desk;
  private heardAt = Date.now();
  private lastSlug: string | null = null;

  /** @param onTab is called when a tab opens, to tell it what the room is like */
  constructor(
    readonly id: string,
    { server, course, watch, assets }: Shared,
    onTab: (tab: Tab) => void,
  ) {
    const folder = join(server.folder, LEARNERS, id);
    const progressFile = join(folder, STORE_FOLDER, "progress.jsonl");
    this.store = viewStore(progressFile);
    this.desk = new Desk({ server, course, copies: `${LEARNERS}/${id}`, sparing: true });
    this.seat = {
      desk: this.desk,
      watch,
      assets,
      glossaryFile: join(course, "glossary.md"),
      progressFile,
      isOwnTestbed: (maker) => worksIn(maker, folder),
      follow: (wish, send) => this.follow(wish, send, onTab),
    };
  }

  /** Something came from the learner's browser. */
  heard(): void {
    this.heardAt = Date.now();
  }

  private follow(wish: Wish, send: (event: CourseEvent) => void, onTab: (tab: Tab) => void): () => void {
    const tab: Tab = { slug: wish.slug, send };
    this.tabs.add(tab);
    this.lastSlug = wish.slug;
    this.heard();
    onTab(tab);
    return () => {
      this.tabs.delete(tab);
      this.heard();
    };
  }

  /** The learner's row on the board. @param now in ms since 1970 */
  row({ name, handSince, trouble }: Learner, turns: readonly Turn[], now: number): LearnerRow {
    const here = this.tabs.size > 0;
    const states = this.desk.notebooks().map(({ worker }) => worker.view.state);
    return {
      id: this.id,
      name,
      here,
      silentS: here ? 0 : Math.round((now - this.heardAt) / 1000),
      handUpS: handSince === null ? null : Math.round((now - handSince) / 1000),
      notebook: this.lastSlug,
      ran: this.lastRun(now),
      ...standingOf(this.store.entries(), now),
      queue: placeOf(this.id, turns),
      kernel: states.includes("busy") ? "busy" : states.some((state) => state !== "none") ? "idle" : "none",
      trouble,
    };
  }

  private lastRun(now: number): LastRun | null {
    const runs = this.desk.notebooks().flatMap(({ slug, sheet }) => {
      const last = sheet.lastRun;
      return last === null ? [] : [{ slug, sheet, ...last }];
    });
    const latest = runs.sort((one, other) => other.at - one.at)[0];
    if (latest === undefined) return null;
    const ids = latest.sheet.codeIds();
    return {
      notebook: latest.slug,
      cell: ids.indexOf(latest.id) + 1,
      of: ids.length,
      state: latest.sheet.run(latest.id).state,
      agoS: Math.round((now - latest.at) / 1000),
    };
  }
}

/** Whether a process works in a folder: kernels do in their learner's, and so do the processes that they start. */
function worksIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch {
    return false;
  }
}
