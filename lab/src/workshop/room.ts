// A room: what the instructor and the learners can do to it. Every change is in the file before anybody hears of it.

import { newToken } from "../course/index.js";
import type { Agenda, Section } from "./agenda.js";
import { cleanName, distinctName } from "./learner-name.js";
import { isRoomCode } from "./room-code.js";
import {
  type Begun,
  freshState,
  type Learner,
  type RoomState,
  type Served,
  type StateFile,
} from "./room-state.js";

/** A room that grows beyond this outgrows one machine. */
export const MOST_LEARNERS = 60;

/** Why somebody cannot join; the message is for him. */
export class DoorError extends Error {
  override readonly name: string = "DoorError";

  constructor(
    message: string,
    readonly isWrongCode = false,
  ) {
    super(message);
  }
}

export class Room {
  private state: RoomState;
  private readonly listeners = new Set<() => void>();

  /**
   * @param name of the agenda
   * @param former state of a room that was killed, to go on with; null begins a new one
   */
  constructor(
    readonly agenda: Agenda,
    name: string,
    private readonly file: StateFile,
    former: RoomState | null,
  ) {
    this.state = former ?? freshState(name);
    file.write(this.state);
  }

  get code(): string {
    return this.state.code;
  }

  get boardToken(): string {
    return this.state.boardToken;
  }

  get doorOpen(): boolean {
    return this.state.doorOpen;
  }

  get over(): boolean {
    return this.state.endedAt !== null;
  }

  get released(): readonly string[] {
    return this.state.released;
  }

  /** Who serves it, or served it last. */
  get served(): Served | null {
    return this.state.served;
  }

  /** Everybody who may be here. */
  get learners(): readonly Learner[] {
    return this.state.learners.filter(({ removed }) => !removed);
  }

  /** The section that runs, or null before the first. */
  get now(): (Begun & { readonly plan: Section }) | null {
    const begun = this.state.begun.at(-1);
    // An agenda may have been shortened while its room was down.
    const plan = begun === undefined ? undefined : this.agenda.sections[begun.section];
    return begun === undefined || plan === undefined ? null : { ...begun, plan };
  }

  /** Calls back after every change. @returns stops it */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** @throws DoorError where the code is wrong, the name is none, or the room is full, closed or over */
  join(code: string, typedName: string, trouble: string): Learner {
    if (!isRoomCode(code, this.code)) {
      throw new DoorError("This is not the room's code -> read it again from the wall, or ask for it", true);
    }
    if (this.over) throw new DoorError("The workshop is over -> ask the instructor for another");
    if (!this.doorOpen) throw new DoorError("The door is closed -> ask the instructor to open it");
    const name = cleanName(typedName);
    if (name === null) throw new DoorError("A name has at least one letter -> type one");
    if (this.learners.length >= MOST_LEARNERS) {
      throw new DoorError(`The room is full: it has ${MOST_LEARNERS} learners -> ask the instructor`);
    }
    const { learners } = this.state;
    const learner: Learner = {
      id: String(learners.length + 1).padStart(2, "0"),
      name: distinctName(
        name,
        learners.map((other) => other.name),
      ),
      token: newToken(),
      joinedAt: new Date().toISOString(),
      trouble: cleanName(trouble) ?? "",
      removed: false,
      handSince: null,
    };
    this.change({ learners: [...learners, learner] });
    return learner;
  }

  /** A new secret for a learner who lost his; the old one opens nothing any more. @throws RangeError */
  renewToken(id: string): string {
    const token = newToken();
    this.changeLearner(id, { token });
    return token;
  }

  /** @throws RangeError where there is no such learner */
  raiseHand(id: string, up: boolean): void {
    this.changeLearner(id, { handSince: up ? (this.learner(id).handSince ?? Date.now()) : null });
  }

  /** Sends a learner away. @throws RangeError where there is no such learner */
  remove(id: string): void {
    this.changeLearner(id, { removed: true, handSince: null });
  }

  /** Begins a section, for everybody. @throws RangeError where the agenda has no such section */
  begin(section: number): void {
    const plan = this.agenda.sections[section];
    if (plan === undefined)
      throw new RangeError(
        `Cannot begin section ${section + 1}: the agenda has ${this.agenda.sections.length} -> take one of the board's`,
      );
    const at = Date.now();
    this.change({ begun: [...this.state.begun, { section, at, until: at + plan.minutes * 60_000 }] });
  }

  /** Gives the section that runs more minutes, or fewer. @throws RangeError where none runs */
  addMinutes(minutes: number): void {
    const now = this.state.begun.at(-1);
    if (now === undefined) throw new RangeError("Cannot move the end: no section runs -> begin one");
    const moved = { ...now, until: now.until + minutes * 60_000 };
    this.change({ begun: [...this.state.begun.slice(0, -1), moved] });
  }

  /** Shows solutions to everybody. @throws RangeError for an exercise that is not in the agenda */
  release(exercises: readonly string[]): void {
    const planned = this.agenda.sections.flatMap(({ releases }) => releases);
    for (const id of exercises) {
      if (!planned.includes(id))
        throw new RangeError(
          `Cannot release ${id}: the agenda does not name it -> write it behind a section's \`release:\``,
        );
    }
    this.change({ released: [...new Set([...this.state.released, ...exercises])] });
  }

  setServed(served: Served): void {
    this.change({ served });
  }

  openDoor(open: boolean): void {
    this.change({ doorOpen: open });
  }

  end(): void {
    if (!this.over) this.change({ endedAt: Date.now(), doorOpen: false });
  }

  /** @throws RangeError where there is no such learner */
  learner(id: string): Learner {
    const found = this.learners.find((each) => each.id === id);
    if (found === undefined)
      throw new RangeError("Cannot find the learner: nobody of that number is here -> load the board again");
    return found;
  }

  private changeLearner(id: string, part: Partial<Learner>): void {
    const changed = { ...this.learner(id), ...part };
    this.change({ learners: this.state.learners.map((each) => (each.id === id ? changed : each)) });
  }

  private change(part: Partial<RoomState>): void {
    const next = { ...this.state, ...part };
    this.file.write(next);
    this.state = next;
    for (const listener of this.listeners) listener();
  }
}
