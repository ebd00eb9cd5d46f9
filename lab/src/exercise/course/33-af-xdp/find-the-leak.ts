// Find the leaked frame: given a picture of the four rings and of what kernel and application hold, name the
// frames that nobody owns.
import { queuedAddrs, type RingSnapshot, snapshotRing, takeLedger, type Umem } from "../../../ring/index.js";
import { type Exercise, mismatch, type Outcome, type Scenario, saw, scenario } from "../../types.js";
import { describeAnswer, describeValue } from "../../values.js";
import { FRAMES, type Scene, scenes } from "./leak-scenes.js";

/** Everything that is known of a socket's frames at one moment. */
export interface FramePicture {
  umem: Umem;
  fill: RingSnapshot;
  rx: RingSnapshot;
  tx: RingSnapshot;
  completion: RingSnapshot;
  /** Addresses of the frames that the application holds. */
  application: number[];
  /** Addresses of the frames that the kernel has in flight. */
  kernel: number[];
}

/** Names the frames without an owner, by frame number, in any order. */
export type LeakFinder = (picture: FramePicture) => number[];

interface Table {
  mine: LeakFinder;
  scene: Scene;
}

/** Which mistake reports a frame of this owner as leaked. */
const MISTAKES: Record<string, string> = {
  rx: "compares addresses instead of frames",
  kernel: "forgets the kernel",
  completion: "forgets the completion ring",
  application: "forgets the application",
};

function judge({ mine, scene }: Table): Outcome {
  const { socket, application } = scene;
  const kernel = [...socket.kernel.holds];
  const { frames } = takeLedger(socket, application, kernel);
  const leaked = frames.flatMap((state, frame) => (state === "leaked" ? [frame] : []));
  const answer: unknown = mine(pictureOf(scene, kernel));
  if (!Array.isArray(answer) || answer.some((frame) => !Number.isInteger(frame))) {
    return mismatch("a list of frame numbers", `returned ${describeAnswer(answer)}`);
  }
  const wanted = leaked.length === 0 ? "no leaked frame" : `leaked frames ${leaked.join(", ")}`;
  const wrong = answer.find((frame) => !leaked.includes(frame));
  if (wrong !== undefined) {
    const owner = frames[wrong] ?? "not in the umem";
    return mismatch(wanted, `named frame ${wrong} (${owner})`, MISTAKES[owner]);
  }
  const missed = leaked.find((frame) => !answer.includes(frame));
  if (missed === undefined) return saw(wanted);
  const diagnosis = isInFreeSlot(scene, missed) ? "counts free slots" : undefined;
  return mismatch(wanted, `missed frame ${missed}`, diagnosis);
}

function pictureOf({ socket, application }: Scene, kernel: number[]): FramePicture {
  return {
    umem: socket.umem,
    fill: snapshotRing(socket.fillRing.memory),
    rx: snapshotRing(socket.rxRing.memory),
    tx: snapshotRing(socket.txRing.memory),
    completion: snapshotRing(socket.completionRing.memory),
    application: [...application],
    kernel,
  };
}

function isInFreeSlot({ socket }: Scene, frame: number): boolean {
  const { memory } = socket.fillRing;
  const queued = new Set(queuedAddrs(memory));
  const slots = snapshotRing(memory).slots;
  return slots.some(({ addr }) => !queued.has(addr) && socket.umem.frameOf(addr) === frame);
}

const scenarios: Scenario<LeakFinder>[] = scenes.map(({ name, given, build }) =>
  scenario<LeakFinder, Table>({
    name,
    given: `${FRAMES} frames; ${given}`,
    start: (mine) => ({ mine, scene: build() }),
    steps: [{ action: "find the leak", play: judge }],
  }),
);

/** Notebook 33: `check("33-af-xdp/find-the-leak", findLeak)`. */
export const findTheLeak: Exercise<LeakFinder> = {
  id: "33-af-xdp/find-the-leak",
  title: "Find the leaked frame",
  points: 3,
  starterSteps: 2,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `find-the-leak: expected a function findLeak(picture), your code handed in ${describeValue(mine)}`,
  hints: [
    "start with every frame as a suspect, and clear those that have an owner.",
    'an owner is a ring with a slot in state "filled", the kernel or the application: six places.',
    "clear umem.frameOf(addr) for each address found; what is left has leaked.",
  ],
  wrongAnswers: [
    {
      name: "counts free slots",
      hint: 'a slot keeps the words of its last entry after the entry was taken. Only slots in state "filled" own a frame.',
    },
    {
      name: "compares addresses instead of frames",
      hint: "a received packet begins behind its frame's headroom: its address is no multiple of the frame size. umem.frameOf(addr) says which frame it is.",
    },
    {
      name: "forgets the kernel",
      hint: "a frame that the kernel took from the fill ring and has not delivered yet is in no ring, and not lost.",
    },
    {
      name: "forgets the completion ring",
      hint: "a frame that was sent waits in the completion ring until the application takes it back.",
    },
    {
      name: "forgets the application",
      hint: "the application owns frames too: those it is working on, and those it keeps for sending.",
    },
  ],
  scenarios,
};
