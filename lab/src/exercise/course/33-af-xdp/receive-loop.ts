// The receive loop: take what has arrived, hand each packet on, give every frame back, release.
import { type Exercise, type Scenario, type Step, scenario } from "../../types.js";
import { describeValue } from "../../values.js";
import { callAndJudge } from "./receive-judge.js";
import {
  arrive,
  offerSpares,
  type ReceiveLoop,
  rounds,
  setTable,
  type Table,
  takeFills,
} from "./receive-table.js";
import { RING_MISTAKES } from "./ring-rules.js";

const receive: Step<Table> = { action: "receive", play: callAndJudge };
const given = "rings of 4 slots, 4 frames, all in the fill ring";

const scenarios: Scenario<ReceiveLoop>[] = [
  scenario<ReceiveLoop, Table>({
    name: "one packet, then none",
    given,
    start: (mine) => setTable(mine),
    steps: [...rounds(1, 1, receive), receive],
  }),
  scenario<ReceiveLoop, Table>({
    name: "round the ring",
    given,
    start: (mine) => setTable(mine),
    steps: rounds(3, 4, receive),
  }),
  scenario<ReceiveLoop, Table>({
    name: "a quick kernel",
    given: "4 packets in the rx ring, 8 more wait for a frame and a slot",
    start: (mine) => setTable(mine, { queued: 12 }),
    steps: [receive, receive, receive, receive],
  }),
  scenario<ReceiveLoop, Table>({
    name: "the fill ring is full for a moment",
    given: "rings of 4 slots, 4 frames in the fill ring, 2 with the application",
    start: (mine) => setTable(mine, { spare: 2 }),
    steps: [arrive(2), offerSpares, receive, takeFills, receive],
  }),
  scenario<ReceiveLoop, Table>({
    name: "the cursors pass 2^32",
    given: `${given}; cursors begin at 4294967293`,
    start: (mine) => setTable(mine, { startCursor: 2 ** 32 - 3 }),
    steps: rounds(2, 3, receive),
  }),
];

/** Notebook 33: `check("33-af-xdp/receive-loop", receive)`. */
export const receiveLoop: Exercise<ReceiveLoop> = {
  id: "33-af-xdp/receive-loop",
  title: "The receive loop",
  points: 5,
  starterSteps: 5,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `receive-loop: expected a function receive(socket, onFrame), your code handed in ${describeValue(mine)}`,
  hints: [
    "peek tells how many packets wait and rxRing.cursor where the first one is; onFrame wants addr and length of each.",
    "a frame that you have read is yours: reserve as many fill slots as you peeked, write each frame's start into its slot, submit them.",
    "the order is peek, reserve, then for each packet read, onFrame and write; after the loop submit, release, and return the count.",
  ],
  wrongAnswers: [
    {
      name: "forgets to refill",
      hint: "the kernel owns no frame that you do not give back: after as many packets as there are frames it drops everything. Each frame you have read goes into the fill ring.",
    },
    {
      name: "refills before the packet is read",
      hint: "once a frame is submitted to the fill ring the kernel may write the next packet into it, while you still read this one. Hand the packet on first.",
    },
    {
      name: "handles one packet a call",
      hint: "peek may announce several packets. Handle all of them, then submit once and release once: that is what makes a ring cheap.",
    },
    {
      name: "uses the cursor as a slot",
      hint: "a cursor counts for ever; a slot is cursor & mask. It goes well until the ring wraps.",
    },
    {
      name: "never releases",
      hint: "until you release them the same packets are announced again, and the rx ring fills up. Release as many as you handled.",
    },
    {
      name: "reserves without submitting",
      hint: "reserved slots are invisible to the kernel until you submit them.",
    },
    ...RING_MISTAKES,
  ],
  scenarios,
};
