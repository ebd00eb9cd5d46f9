// The solutions of every exercise that is a C text, whichever notebook it belongs to.
import { readdirSync } from "node:fs";
import type { Fixture } from "../exercise/fixtures/fixture.js";

const EXERCISES = new URL("../exercise/fixtures/", import.meta.url);

/** A program that the course itself takes for right. */
export interface CourseSolution {
  /** `50-the-articles-program/bounds`. */
  readonly exercise: string;
  /** Which of the exercise's solutions. */
  readonly name: string;
  readonly text: string;
}

/** Reads them from the fixtures. */
export async function courseSolutions(): Promise<CourseSolution[]> {
  const files = readdirSync(EXERCISES, { recursive: true, encoding: "utf8" }).filter((file) =>
    /\/.*\.ts$/.test(file),
  );
  const fixtures = await Promise.all(
    files.map(
      async (file) =>
        ((await import(new URL(file, EXERCISES).href)) as { fixture?: Fixture<unknown> }).fixture,
    ),
  );
  return fixtures.flatMap((fixture) =>
    Object.entries(fixture?.solutions ?? {}).flatMap(([name, text]) =>
      typeof text === "string" && text.includes('SEC("xdp")')
        ? [{ exercise: fixture!.exercise.id, name, text }]
        : [],
    ),
  );
}
