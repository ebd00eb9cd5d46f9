import { targetFile, writeTarget } from "./target.js";
import { JSON_OPTION, type Request, type Verb } from "./verb.js";

export const progress: Verb = {
  name: "progress",
  summary: "tell how far you are, and how your guesses came nearer",
  operands: "",
  options: {
    figure: { type: "string", placeholder: "file.svg", help: "draw the guesses there" },
    json: JSON_OPTION,
  },
  details: `Reads what check and the measurements have kept: attempts and guesses, in .ringside/progress of this clone, which an update
leaves alone. Nothing of it leaves this machine. --json prints all of it, to be taken along or handed in.`,
  run: tellProgress,
};

async function tellProgress(request: Request): Promise<number> {
  const { exportProgress, guessesSoFar, progressFile, readProgress } = await import("../progress/index.js");
  const { exercises } = await import("../exercise/index.js");
  if (request.flag("json")) {
    console.log(JSON.stringify(exportProgress(), null, 2));
    return 0;
  }
  const { exercises: done } = exportProgress();
  const passed = new Set(done.filter((each) => each.passed).map(({ exercise }) => exercise));
  const earned = exercises.filter(({ id }) => passed.has(id));
  const points = (some: readonly { readonly points: number }[]): number =>
    some.reduce((sum, each) => sum + each.points, 0);
  console.log(
    `${earned.length} of ${exercises.length} exercises, ${points(earned)} of ${points(exercises)} points`,
  );
  for (const { id, title } of exercises) {
    const tried = done.find(({ exercise }) => exercise === id);
    if (tried === undefined) continue;
    const { best, attempts } = tried;
    const came = tried.passed ? "passed" : `${best.stepsPassed} of ${best.stepsTotal} steps`;
    console.log(`  ${came.padEnd(16)} ${title} (${attempts} ${attempts === 1 ? "try" : "tries"})`);
  }
  const guesses = guessesSoFar();
  console.log(`\n${guesses.text}`);
  const figure = request.value("figure");
  if (figure !== undefined) drawInto(targetFile("--figure", figure), guesses);
  const { skippedLines } = readProgress();
  if (skippedLines.length > 0)
    console.log(
      `\nSkipped in ${progressFile()}: line ${skippedLines.join(", ")}, cut off by a crash or edited.`,
    );
  return 0;
}

function drawInto(file: string, guesses: object): void {
  const { svg } = guesses as { readonly svg?: string };
  if (svg === undefined)
    throw new Error(`Cannot draw ${file}: no guess is kept yet -> measure something first`);
  writeTarget(file, svg);
  console.log(`\nDrawn: ${file}`);
}
