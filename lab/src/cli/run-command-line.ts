import { understand } from "./command-line.js";
import { describeFailure } from "./failure.js";
import { overview, verbHelp } from "./help.js";
import { verbs } from "./verbs.js";

/**
 * Does what the words ask for, printing answers on stdout and failures on stderr.
 *
 * @param words what follows `ringside` on the command line
 * @returns the exit code: 0 done, 1 failed, 2 not understood
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  try {
    const command = understand(words, verbs);
    if (command.kind === "run") return await command.verb.run(command.request);
    console.log(command.kind === "overview" ? overview(verbs) : verbHelp(command.verb));
    return 0;
  } catch (error) {
    const failure = describeFailure(error);
    console.error(failure.text);
    return failure.exitCode;
  }
}
