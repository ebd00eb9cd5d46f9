// A notebook that checks one exercise after another, as a process of its own: it keeps `count` attempts in `file` and says
// after each which one is safe. The test kills it, or lets two of them run at once.
import { writeSync } from "node:fs";
import { recordAttempt } from "ringside/progress";

const [file, name, count, hintBytes] = process.argv.slice(2);
const hint = "h".repeat(Number(hintBytes));
for (let i = 0; i < Number(count); i++) {
  const attempt = { exercise: `${name}/${i}`, passed: false, stepsPassed: i, stepsTotal: Number(count) };
  recordAttempt({ ...attempt, scenario: null, diagnosis: null, hint }, file);
  writeSync(1, `${i}\n`);
}
