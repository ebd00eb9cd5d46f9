// What a check said, as a card below the exercise: passed or not yet, how far, the story of the failure, and one hint.

import { make } from "./dom.js";

/** The part of a check's report that the card shows. */
interface Check {
  readonly title: string;
  readonly passed: boolean;
  readonly stepsPassed: number;
  readonly stepsTotal: number;
  /** How many steps pass before one begins; null where the exercise does not say. */
  readonly starterSteps?: number | null;
  readonly story: string;
  readonly hint: string | null;
  readonly scenarios: readonly { readonly name: string; readonly passed: boolean }[];
}

/** @returns null where the text is no report */
export function checkCard(json: string): Element | null {
  const check = parse(json);
  if (check === null) return null;
  const { title, passed, stepsPassed, stepsTotal, starterSteps, story, hint, scenarios } = check;
  const start = passed || typeof starterSteps !== "number" ? "" : ` (${starterSteps} pass before you begin)`;
  const verdict = `${passed ? "Passed" : "Not yet"}: ${stepsPassed} of ${stepsTotal} steps${start}`;
  const card = make(
    "section",
    { class: `check ${passed ? "passed" : "failed"}`, "aria-label": `Check of ${title}: ${verdict}` },
    make(
      "p",
      { class: "check-head" },
      make("strong", {}, title),
      make("span", { class: "verdict" }, verdict),
    ),
  );
  const steps = scenarios.map(({ name, passed: ok }) =>
    make("li", { class: ok ? "ok" : "open" }, `${ok ? "✓" : "○"} ${name}`),
  );
  card.append(make("ul", { class: "scenarios" }, ...steps));
  if (!passed && story !== "") card.append(make("pre", { class: "story" }, story));
  if (!passed && hint) card.append(make("p", { class: "hint" }, hint));
  return card;
}

function parse(json: string): Check | null {
  try {
    const value = JSON.parse(json) as Partial<Check>;
    const whole =
      typeof value.title === "string" &&
      typeof value.passed === "boolean" &&
      typeof value.stepsPassed === "number" &&
      typeof value.stepsTotal === "number" &&
      typeof value.story === "string" &&
      Array.isArray(value.scenarios);
    return whole ? (value as Check) : null;
  } catch {
    return null;
  }
}
