// Time that is left, counted down here: the server says it as a span, since the clocks of a room do not agree.

import { make } from "./dom.js";

export interface Countdown {
  readonly element: HTMLElement;
  /** Goes on from here. @param leftMs below 0 where it takes longer; null shows nothing */
  set(leftMs: number | null): void;
}

/** Makes a clock that counts down by itself. */
export function countdown(): Countdown {
  const element = make("span", { class: "countdown", role: "timer", "aria-live": "off" });
  let end: number | null = null;
  const draw = (): void => {
    const leftS = end === null ? null : Math.round((end - performance.now()) / 1000);
    const said = leftS === null ? "" : leftS >= 0 ? `${minutes(leftS)} left` : `${minutes(-leftS)} over`;
    if (element.textContent !== said) element.textContent = said;
    element.classList.toggle("late", leftS !== null && leftS < 0);
  };
  window.setInterval(draw, 500);
  return {
    element,
    set(leftMs) {
      end = leftMs === null ? null : performance.now() + leftMs;
      draw();
    },
  };
}

/** `4:05` */
function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** `just now`, `40 s`, `12 min` */
export function ago(seconds: number): string {
  if (seconds < 5) return "just now";
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
