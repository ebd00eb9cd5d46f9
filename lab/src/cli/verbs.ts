import { bench } from "./bench.js";
import { benchPaths } from "./bench-paths.js";
import { check } from "./check.js";
import { claims } from "./claims.js";
import { compare } from "./compare.js";
import { doctor } from "./doctor.js";
import { grade } from "./grade.js";
import { nbBuild } from "./nb-build.js";
import { nbLint } from "./nb-lint.js";
import { progress } from "./progress.js";
import { record } from "./record.js";
import { reset } from "./reset.js";
import { run } from "./run.js";
import { start } from "./start.js";
import { status } from "./status.js";
import { stop } from "./stop.js";
import type { Verb } from "./verb.js";
import { workshop } from "./workshop.js";

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [
  start,
  stop,
  status,
  doctor,
  run,
  record,
  compare,
  check,
  progress,
  grade,
  workshop,
  reset,
  nbBuild,
  nbLint,
  benchPaths,
  bench,
  claims,
];
