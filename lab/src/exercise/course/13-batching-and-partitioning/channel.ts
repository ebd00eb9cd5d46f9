// A channel after MegaPipe: commands are queued and cost nothing; one call hands all of them to the kernel and brings back what has
// completed. The kernel is a model that counts its calls, completes every command in order and refuses a batch that is too large.
import { type Exercise, mismatch, type Outcome, type Step, saw, scenario } from "../../types.js";
import { describeAnswer, describeValue } from "../../values.js";

/** What to do on a connection. */
export interface ChannelCommand {
  readonly operation: "accept" | "read" | "write" | "close";
  readonly handle: number;
  /** Comes back with the completion. */
  readonly cookie: number;
}

/** What became of a command. */
export interface ChannelCompletion {
  readonly cookie: number;
  readonly result: number;
}

/** The kernel's side of a channel. */
export interface ChannelKernel {
  /** Most commands that one call takes. */
  readonly most: number;
  /** One system call: takes commands, and returns what has completed, oldest first. @throws RangeError for more than `most` */
  enter(commands: readonly ChannelCommand[]): readonly ChannelCompletion[];
}

/** The program's side. */
export interface Channel {
  /** Queues a command. Enters the kernel only where the queue holds `most` already. */
  request(command: ChannelCommand): void;
  /** The oldest completion that was not handed out yet. Enters the kernel only where none waits; null where it brings none. */
  dispatch(): ChannelCompletion | null;
}

/** Makes a channel on a kernel. */
export type ChannelMaker = (kernel: ChannelKernel) => Channel;

const MOST = 8;

/** A kernel that notes what was done to it. Completions are those of the call itself, as if every socket were ready. */
class ModelKernel implements ChannelKernel {
  readonly most: number = MOST;
  calls = 0;
  readonly taken: number[] = [];
  refused = 0;

  enter(commands: readonly ChannelCommand[]): ChannelCompletion[] {
    this.calls++;
    if (!Array.isArray(commands) || commands.length > MOST) {
      this.refused++;
      throw new RangeError(
        `Cannot take ${commands?.length} commands: ${MOST} at most -> hand over an array of so many, then the rest`,
      );
    }
    return commands.map(({ cookie, handle }) => {
      this.taken.push(cookie);
      return { cookie, result: handle * 10 };
    });
  }
}

class Table {
  readonly kernel: ModelKernel = new ModelKernel();
  readonly channel: Channel;
  private asked = 0;
  private handedOut = 0;

  constructor(mine: ChannelMaker) {
    this.channel = mine(this.kernel);
  }

  /** So many commands are queued. @param calls that this may cost */
  request(count: number, calls: number): Outcome {
    const before = this.kernel.calls;
    for (let i = 0; i < count; i++) {
      const cookie = ++this.asked;
      try {
        this.channel.request({ operation: "read", handle: cookie, cookie });
      } catch (thrown) {
        if (this.kernel.refused > 0) return this.refusedTooMany();
        throw thrown;
      }
    }
    const made = this.kernel.calls - before;
    if (made === calls) return saw(calls === 0 ? "no call" : `${calls} call`);
    const diagnosis =
      made === count ? "one call a command" : made < calls ? "never flushes a full queue" : undefined;
    return mismatch(`${calls} calls`, `made ${made}`, diagnosis);
  }

  /** So many completions are asked for, which may cost so many calls. */
  dispatch(count: number, calls: number): Outcome {
    const before = this.kernel.calls;
    for (let i = 0; i < count; i++) {
      const wanted = ++this.handedOut;
      let got: ChannelCompletion | null;
      try {
        got = this.channel.dispatch();
      } catch (thrown) {
        if (this.kernel.refused > 0) return this.refusedTooMany();
        throw thrown;
      }
      if (got?.cookie !== wanted || got.result !== wanted * 10) return this.judgeWrong(wanted, got);
    }
    const made = this.kernel.calls - before;
    if (made === calls) return saw(`${made} call${made === 1 ? "" : "s"}`);
    return mismatch(
      `${calls} calls for ${count} completions`,
      `made ${made}`,
      made > calls ? "enters although completions wait" : undefined,
    );
  }

  private refusedTooMany(): Outcome {
    return mismatch(`at most ${MOST} commands a call`, "handed over more", "never flushes a full queue");
  }

  private judgeWrong(wanted: number, got: ChannelCompletion | null): Outcome {
    const { taken } = this.kernel;
    const twice = taken.find((cookie, i) => taken.indexOf(cookie) !== i);
    const expected = `the completion of command ${wanted}`;
    if (twice !== undefined)
      return mismatch(expected, `handed command ${twice} to the kernel twice`, "sends a command twice");
    if (typeof got?.cookie !== "number") return mismatch(expected, `gave ${describeAnswer(got)}`);
    const diagnosis =
      got.cookie === wanted + MOST
        ? "drops what a flush brought"
        : got.cookie > wanted
          ? "hands out the newest first"
          : undefined;
    return mismatch(expected, `gave that of command ${got.cookie}`, diagnosis);
  }
}

function request(count: number, calls: number): Step<Table> {
  return { action: `request ${count}`, play: (table) => table.request(count, calls) };
}

function dispatch(count: number, calls: number): Step<Table> {
  return { action: `dispatch ${count} times`, play: (table) => table.dispatch(count, calls) };
}

/** Notebook 13: `check("13-batching-and-partitioning/channel", makeChannel)`. */
export const channel: Exercise<ChannelMaker> = {
  id: "13-batching-and-partitioning/channel",
  title: "A channel",
  points: 4,
  starterSteps: 0,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `channel: expected a function makeChannel(kernel), your code handed in ${describeValue(mine)}`,
  hints: [
    "a channel is two arrays: commands that wait for a call, and completions that wait to be handed out.",
    "dispatch: where a completion waits, shift it off and return it. Only where none waits, enter the kernel with all commands, and keep what comes back.",
    "request: where kernel.most commands wait already, enter with these first and append what comes back to the completions; then queue the new command. Take the commands out of the queue (splice) as you hand them over.",
  ],
  wrongAnswers: [
    {
      name: "one call a command",
      hint: "that is what sockets do already. A command goes into the queue, and the kernel hears of it when dispatch has nothing else to hand out.",
    },
    {
      name: "never flushes a full queue",
      hint: "a call takes at most kernel.most commands. When a command comes and so many wait already, hand those over first.",
    },
    {
      name: "drops what a flush brought",
      hint: "a call that was made to empty the queue brings completions too. Whose are they now?",
    },
    {
      name: "enters although completions wait",
      hint: "one call brought several completions: hand out all of them before you make the next call.",
    },
    {
      name: "hands out the newest first",
      hint: "completions leave in the order in which they came: take from the front.",
    },
    {
      name: "sends a command twice",
      hint: "a command that was handed over must leave the queue, or the next call does it again.",
    },
  ],
  scenarios: [
    scenario<ChannelMaker, Table>({
      name: "a batch",
      given: `a channel on a kernel that takes ${MOST} commands a call`,
      start: (mine) => new Table(mine),
      steps: [request(1, 0), dispatch(1, 1), request(5, 0), dispatch(5, 1), request(2, 0), dispatch(2, 1)],
    }),
    scenario<ChannelMaker, Table>({
      name: "a full queue",
      given: "the same, and more commands than one call takes",
      start: (mine) => new Table(mine),
      steps: [request(MOST + 2, 1), dispatch(MOST, 0), dispatch(2, 1), request(3, 0), dispatch(3, 1)],
    }),
  ],
};
