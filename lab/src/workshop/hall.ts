// The hall: everybody's seats, the queue for the machine, and what is told to whom when something changes. Learners hear of
// the room and of themselves; only the board hears of everybody.

import { availableParallelism, freemem, totalmem } from "node:os";
import type {
  BoardView,
  CourseEvent,
  MachineLoad,
  PreflightLine,
  ReleasedSolution,
  RoomView,
} from "../course/index.js";
import { cpuLoads, readCpuTicks } from "../measure/index.js";
import { LearnerSeat, type Shared, type Tab } from "./learner-seat.js";
import { roomPredictions } from "./predictions.js";
import type { LearnerRecord } from "./results.js";
import type { Room } from "./room.js";
import type { Learner } from "./room-state.js";
import { placeOf, type Turns } from "./turns.js";

/** What a hall is made of. */
export interface HallSpec {
  readonly room: Room;
  readonly turns: Turns;
  readonly shared: Shared;
  /** Solutions by the exercise's id; see `solutions.ts`. */
  readonly solutions: ReadonlyMap<string, ReleasedSolution>;
  readonly addresses: readonly string[];
  readonly preflight: readonly PreflightLine[];
}

export class Hall {
  private readonly seats = new Map<string, LearnerSeat>();
  private readonly stops: (() => void)[];
  private ticksBefore = readCpuTicks();
  private busy = 0;
  private telling = false;

  constructor(private readonly spec: HallSpec) {
    const tell = (): void => this.tellSoon();
    this.stops = [spec.room.onChange(tell), spec.turns.onChange(tell)];
  }

  get room(): Room {
    return this.spec.room;
  }

  /** A learner's seat, made when he first asks for something. */
  seatOf({ id }: Learner): LearnerSeat {
    const known = this.seats.get(id);
    if (known !== undefined) return known;
    const seat = new LearnerSeat(id, this.spec.shared, (tab) => this.tell(seat, tab));
    this.seats.set(id, seat);
    return seat;
  }

  /** Takes over the kernels that a killed room left. @param paths of their notebooks, below the room's folder */
  adopt(paths: readonly string[]): void {
    for (const path of paths) {
      const [, id, slug] = /^learners\/(\d+)\/([\w-]+)\.ipynb$/.exec(path) ?? [];
      const learner = this.room.learners.find((each) => each.id === id);
      if (learner === undefined || slug === undefined) continue;
      const { desk } = this.seatOf(learner);
      // An update of the course may have taken the notebook away.
      if (desk.slugs().includes(slug)) desk.adopt(slug);
    }
  }

  /** Sends a learner away: his tabs fall silent, his kernel ends. What he wrote stays in his folder. */
  async remove(id: string): Promise<void> {
    this.room.remove(id);
    await this.seats.get(id)?.desk.endKernels("You left the workshop.");
  }

  /** Everything that was kept of everybody. */
  records(): LearnerRecord[] {
    return this.room.learners.map((learner) => ({ learner, entries: this.seatOf(learner).store.entries() }));
  }

  /** What the board shows now. */
  board(): BoardView {
    const { room, addresses, preflight, turns } = this.spec;
    const now = Date.now();
    const { learners, released } = room;
    return {
      title: room.agenda.title,
      code: room.code,
      addresses,
      doorOpen: room.doorOpen,
      over: room.over,
      sections: room.agenda.sections.map(({ releases, ...section }) => ({
        ...section,
        releases: releases.map((exercise) => ({ exercise, released: released.includes(exercise) })),
      })),
      current: room.now?.section ?? null,
      leftMs: (room.now?.until ?? now) - now,
      learners: learners.map((learner) => this.seatOf(learner).row(learner, turns.list(), now)),
      predictions: roomPredictions(learners.map((learner) => this.seatOf(learner).store.entries())),
      preflight,
      machine: this.load(),
    };
  }

  /** What a learner's tab shows of the room. */
  view(learner: Learner, slug: string | null): RoomView {
    const { room, turns, solutions } = this.spec;
    const { agenda, now } = room;
    return {
      title: agenda.title,
      name: learner.name,
      handUp: learner.handSince !== null,
      section:
        now === null
          ? null
          : {
              number: now.section + 1,
              of: agenda.sections.length,
              title: now.plan.title,
              notebook: now.plan.notebook,
              leftMs: now.until - Date.now(),
            },
      queue: placeOf(learner.id, turns.list()),
      solutions: room.released
        .filter((exercise) => exercise.startsWith(`${slug}/`))
        .flatMap((exercise) => solutions.get(exercise) ?? []),
      over: room.over,
    };
  }

  /** Lets go of every kernel and saves what is not saved. */
  async close(): Promise<void> {
    for (const stop of this.stops) stop();
    await Promise.all([...this.seats.values()].map(({ desk }) => desk.close()));
  }

  /** Several changes of one moment are told once. */
  private tellSoon(): void {
    if (this.telling) return;
    this.telling = true;
    setImmediate(() => {
      this.telling = false;
      for (const seat of this.seats.values()) for (const tab of seat.tabs) this.tell(seat, tab);
    });
  }

  private tell(seat: LearnerSeat, tab: Tab): void {
    const learner = this.room.learners.find(({ id }) => id === seat.id);
    if (learner === undefined) return;
    const event: CourseEvent = { kind: "room", room: this.view(learner, tab.slug) };
    tab.send(event);
  }

  private load(): MachineLoad {
    const ticks = readCpuTicks();
    const loads = cpuLoads(this.ticksBefore, ticks);
    const idle = loads.reduce((sum, load) => sum + load.idle, 0) / Math.max(1, loads.length);
    // Two looks within one tick tell nothing.
    if (Number.isFinite(idle) && loads.length > 0) this.busy = Math.max(0, 1 - idle);
    this.ticksBefore = ticks;
    const kernels = [...this.seats.values()].flatMap(({ desk }) => desk.notebooks());
    return {
      busy: this.busy,
      cpus: availableParallelism(),
      kernels: kernels.filter(({ worker }) => worker.view.state !== "none").length,
      memoryFreeMb: Math.round(freemem() / 2 ** 20),
      memoryTotalMb: Math.round(totalmem() / 2 ** 20),
    };
  }
}
