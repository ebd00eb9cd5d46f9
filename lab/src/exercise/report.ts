// What a learner sees after `check`: passed or not, how far, the story of the failure and one hint. It shows
// as an HTML table in a notebook and as plain text everywhere else.
import { escapeXml } from "../plot/index.js";
import type { ScenarioResult } from "./play.js";

/** Plain data of one check. */
export interface CheckResult {
  id: string;
  title: string;
  passed: boolean;
  points: number;
  stepsPassed: number;
  stepsTotal: number;
  /** How many steps the untouched starter passes; null where the exercise does not say. */
  starterSteps: number | null;
  /** The story of the first failing scenario; empty when all passed. */
  story: string;
  hint: string | null;
  /** Name of the recognised wrong answer, or null. */
  diagnosis: string | null;
  scenarios: { name: string; passed: boolean; stepsPassed: number; stepsTotal: number }[];
}

/** A `CheckResult` as JSON. */
export const CHECK_TYPE = "application/vnd.ringside.check+json";

/** The answer of `check`. Make it a cell's last expression and it shows itself. */
export class CheckReport implements CheckResult {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  readonly points: number;
  readonly stepsPassed: number;
  readonly stepsTotal: number;
  readonly starterSteps: number | null;
  readonly story: string;
  readonly hint: string | null;
  readonly diagnosis: string | null;
  readonly scenarios: CheckResult["scenarios"];

  constructor(result: CheckResult) {
    this.id = result.id;
    this.title = result.title;
    this.passed = result.passed;
    this.points = result.points;
    this.stepsPassed = result.stepsPassed;
    this.stepsTotal = result.stepsTotal;
    this.starterSteps = result.starterSteps;
    this.story = result.story;
    this.hint = result.hint;
    this.diagnosis = result.diagnosis;
    this.scenarios = result.scenarios;
  }

  /** `3 of 8 steps`. */
  get score(): string {
    return `${this.stepsPassed} of ${this.stepsTotal} steps`;
  }

  /** ` (3 pass before you begin)`, where the exercise says so. */
  private get start(): string {
    return this.starterSteps === null ? "" : ` (${this.starterSteps} pass before you begin)`;
  }

  /** The report as text: one line when passed, else the story and the hint. */
  toString(): string {
    if (this.passed) return `${this.id}: passed, ${this.score}`;
    return [this.story, this.hint, `${this.id}: ${this.score}${this.start}`].filter(Boolean).join("\n");
  }

  /** The report as a line, an HTML table and its story, without style sheet or script. */
  toHtml(): string {
    const rows = this.scenarios.map(
      ({ name, passed, stepsPassed, stepsTotal }) =>
        `<tr><td>${passed ? "✓" : "✗"}</td><td style="text-align:left">${escapeXml(name)}</td><td>${stepsPassed} of ${stepsTotal} steps</td></tr>`,
    );
    const head = `<p><b>${escapeXml(this.title)}</b>: ${this.passed ? "passed" : "not yet"}, ${this.score}${this.passed ? "" : this.start}</p>`;
    const story = this.passed
      ? ""
      : `<pre style="white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere">${escapeXml([this.story, this.hint].filter(Boolean).join("\n"))}</pre>`;
    return `${head}<table>${rows.join("")}</table>${story}`;
  }

  /** The report by MIME type, for a notebook to choose from; as data too, for a page that draws it itself. */
  toMimeBundle(): Record<string, string> {
    return { [CHECK_TYPE]: JSON.stringify(this), "text/html": this.toHtml(), "text/plain": this.toString() };
  }
}

// The notebook kernel asks a cell's last value for this symbol. It is not in the class body because a
// computed name there cannot be declared (isolatedDeclarations).
Object.defineProperty(CheckReport.prototype, Symbol.for("Jupyter.display"), {
  value(this: CheckReport): Record<string, string> {
    return this.toMimeBundle();
  },
});

/** Counts the steps of each scenario that held. */
export function tally(results: readonly ScenarioResult[]): CheckResult["scenarios"] {
  return results.map(({ scenario, outcomes, passed }) => ({
    name: scenario.name,
    passed,
    stepsPassed: outcomes.filter((outcome) => outcome.ok).length,
    stepsTotal: scenario.steps.length,
  }));
}
