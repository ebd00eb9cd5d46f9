// What a learner sees of the workshop, above the page: where the room is and for how long, the queue for the machine, and his
// hand. The room does not take him anywhere by itself: a page that changes under one's hands loses one's place.

import type { QueuePlace, RoomView } from "../room-protocol.js";
import { order } from "./ask.js";
import { countdown } from "./clock.js";
import { announce, button, make } from "./dom.js";

/** Whether this page is a workshop's. */
export const inRoom: boolean = document.documentElement.dataset.room !== undefined;

export interface RoomBar {
  readonly element: HTMLElement;
  show(room: RoomView): void;
}

/** @param here slug of the notebook that the page shows, or empty */
export function roomBar(here: string): RoomBar {
  const where = make("p", { class: "room-where" });
  const clock = countdown();
  const queue = make("p", { class: "room-queue", role: "status" });
  const problem = make("p", { class: "problem", role: "alert", hidden: true });
  let up = false;
  const hand = button("Raise hand", () => void move(), { class: "hand", "aria-pressed": "false" });
  const who = make("span", { class: "room-name" });
  const element = make(
    "section",
    { class: "room", "aria-label": "Workshop" },
    where,
    clock.element,
    queue,
    who,
    hand,
    problem,
  );
  async function move(): Promise<void> {
    try {
      await order("/api/hand", { up: !up });
      problem.hidden = true;
    } catch (error) {
      problem.textContent = (error as Error).message;
      problem.hidden = false;
    }
  }
  let announced = "";
  return {
    element,
    show(room) {
      const { section, over } = room;
      const said = over ? "over" : String(section?.number ?? 0);
      if (said !== announced) {
        where.replaceChildren(...whereWords(room, here));
        // Not on the first look: whoever opens the page reads it anyway.
        if (announced !== "") announce(where.textContent ?? "");
        announced = said;
      }
      clock.set(over || section === null ? null : section.leftMs);
      const waits = queueWords(room.queue);
      if (queue.textContent !== waits) queue.textContent = waits;
      who.textContent = room.name;
      up = room.handUp;
      hand.textContent = up ? "Lower hand" : "Raise hand";
      hand.setAttribute("aria-pressed", String(up));
    },
  };
}

function whereWords({ section, over, title }: RoomView, here: string): (Node | string)[] {
  if (over) return [`${title} is over. Take your notebooks home.`];
  if (section === null) return [`${title} has not begun yet. Look around.`];
  const { number, of, notebook } = section;
  const words: (Node | string)[] = [
    make("strong", {}, section.title),
    make("span", { class: "room-count" }, ` ${number} of ${of}`),
  ];
  if (notebook === null || notebook === here) return words;
  return [...words, " ", make("a", { href: `/n/${notebook}`, class: "button primary" }, "Go there")];
}

/** The queue in words; empty where nobody measures. */
export function queueWords({ place, measuring, length }: QueuePlace): string {
  if (length === 0) return "";
  if (measuring) return length === 1 ? "You are measuring" : `You are measuring; ${length - 1} wait`;
  if (place > 0) return `Your measurement waits: ${place - 1} before you`;
  return length === 1 ? "Somebody measures" : `Somebody measures, ${length - 1} wait`;
}
