// A GET answered before the kernel has made a socket buffer of it. Most of what can go wrong is in the checksum: forgotten,
// thrown away, or computed so thoroughly that damage becomes truth.
import { buildKvRequest, KV_AT, KV_MESSAGE_BYTES, makeKvValue } from "../../../keyvalue/index.js";
import { type ProgramRun, runProgram, SHORTEST_RUN_BYTES } from "../../../xdp/index.js";
import { type Exercise, mismatch, type Outcome, saw, scenario } from "../../types.js";
import { refusesText, takeStep } from "../50-the-articles-program/bench.js";
import {
  CACHED_KEY,
  CHECKSUM_AT,
  client,
  expectedAnswer,
  kvFrame,
  MESSAGE_AT,
  meets,
  OTHER_KEY,
  passesAll,
  patched,
  request,
  server,
  UDP_AT,
  udpHolds,
} from "./kv-bench.js";

const ADDRESSES = [
  ["Ethernet", 0, 12],
  ["IPv4", 26, 34],
  ["UDP", UDP_AT, UDP_AT + 4],
] as const;

function same(a: Uint8Array, b: Uint8Array, from = 0, to: number = a.length): boolean {
  return a.subarray(from, to).every((byte, i) => byte === b[from + i]);
}

const tells = meets("a GET of a cached key", (program) => {
  const { verdict, bytes } = runProgram(program, request);
  if (verdict !== "TX") return mismatch("TX: out where it came in", `answered ${verdict}`);
  if (same(bytes, expectedAnswer, MESSAGE_AT)) return saw("version and value are the map's");
  const names = Object.entries(KV_AT);
  const wrong = names.find(
    ([, at], i) =>
      !same(bytes, expectedAnswer, MESSAGE_AT + at, MESSAGE_AT + (names[i + 1]?.[1] ?? KV_MESSAGE_BYTES)),
  );
  return mismatch("the message of an answer", `left another ${wrong?.[0]} than it should have`);
});

const turnsRound = meets("who gets the answer", (program) => {
  const { bytes } = runProgram(program, request);
  const wrong = ADDRESSES.find(([, from, to]) => !same(bytes, expectedAnswer, from, to));
  if (wrong === undefined) return saw("the client, on every layer");
  const [layer, from, to] = wrong;
  const unchanged = same(bytes, request, from, to);
  return mismatch(
    `${layer}'s two addresses to be swapped`,
    unchanged ? "left them as they came" : "wrote something else there",
    unchanged ? "answers itself" : undefined,
  );
});

function judgeSum(asked: Uint8Array, { bytes }: ProgramRun): Outcome {
  if (udpHolds(bytes)) return saw("it holds");
  const none = bytes[CHECKSUM_AT] === 0 && bytes[CHECKSUM_AT + 1] === 0;
  if (none)
    return mismatch("a checksum", "wrote 0, which says that there is none", "throws the checksum away");
  const old = same(bytes, asked, CHECKSUM_AT, CHECKSUM_AT + 2);
  return mismatch(
    "UDP's checksum to hold",
    old ? "left the request's" : "wrote one that does not",
    old ? "forgets the checksum" : undefined,
  );
}

const sums = meets("UDP's checksum over 64 answers", (program) => {
  for (let id = 0; id < 64; id++) {
    const asked = kvFrame(client, server, buildKvRequest("get", CACHED_KEY, id * 977));
    const judged = judgeSum(asked, runProgram(program, asked));
    if (!judged.ok) return judged;
  }
  return saw("it holds in each");
});

const damaged = meets("a request that was damaged on its way", (program) => {
  const { verdict, bytes } = runProgram(program, patched(request, MESSAGE_AT + KV_AT.id + 7, 0x11));
  if (verdict !== "TX") return saw(`not answered: ${verdict}`);
  return udpHolds(bytes)
    ? mismatch("no sound answer to it", "made one whose checksum holds", "makes damage sound")
    : saw("its answer is damaged, too: the client drops it");
});

const without = meets("a request whose client left the checksum out", (program) => {
  const { bytes } = runProgram(program, patched(request, CHECKSUM_AT, 0, 0));
  const isNone = bytes[CHECKSUM_AT] === 0 && bytes[CHECKSUM_AT + 1] === 0;
  if (isNone || udpHolds(bytes))
    return saw(isNone ? "the answer has none either" : "the answer has a right one");
  return mismatch("none, or a right one", "changed a checksum that is not there", "mends what is not there");
});

const others = passesAll(
  "what the server must answer",
  [
    [
      "a key that is not in the map",
      kvFrame(client, server, buildKvRequest("get", OTHER_KEY, 1)),
      "keeps the server from answering",
    ],
    [
      "a PUT",
      kvFrame(client, server, buildKvRequest("put", CACHED_KEY, 1, makeKvValue(CACHED_KEY, 1))),
      "answers a PUT",
    ],
    ["another port", kvFrame(client, { ...server, port: 7002 }, buildKvRequest("get", CACHED_KEY, 1))],
  ],
  "a miss, a PUT and another port pass",
);

const cuts = passesAll(
  "a request cut to every length",
  Array.from({ length: request.length - SHORTEST_RUN_BYTES }, (_, more) => {
    const length = SHORTEST_RUN_BYTES + more;
    return [`${length} bytes`, request.subarray(0, length)] as const;
  }),
  "all pass",
);

/** Notebook 53: `check("53-requests-in-xdp/answer", answerer)`. */
export const answerGet: Exercise<string> = {
  id: "53-requests-in-xdp/answer",
  title: "Answer a GET",
  points: 6,
  starterSteps: 3,
  needs: ["bpf", "clang"],
  refuses: refusesText("answer"),
  hints: [
    "the answer is the request's own frame: what must be different in it when it goes back? Go through the headers from the outside to the inside.",
    "look the key up: NULL passes. Else fill in status, by, version and value; swap the addresses of Ethernet, IPv4 and UDP; then the checksum: IPv4's covers no byte that you changed.",
    "keep a copy of the message from before. bpf_csum_diff(&before, sizeof(before), &after, sizeof(after), (__u16)~udp->check) gives the new sum; ~kv_fold of it is the new checksum, 0xffff where that is 0. A checksum of 0 stays.",
  ],
  wrongAnswers: [
    {
      name: "answers itself",
      hint: "the frame goes out with the server's own address as its destination, and nobody takes it. Swap source and destination on every layer.",
    },
    {
      name: "forgets the checksum",
      hint: "the client's kernel adds the datagram up before any program sees it, and drops it: the bytes have changed and the sum has not.",
    },
    {
      name: "throws the checksum away",
      hint: "0 means that there is none: IPv4 allows it, and the client believes whatever arrives. Keep what the client has protected protected.",
    },
    {
      name: "makes damage sound",
      hint: "you sum up the whole answer, damage included, and so vouch for bytes that nobody has checked. Start from the request's checksum and add the difference: then an error stays one.",
    },
    {
      name: "mends what is not there",
      hint: "a checksum of 0 is no sum that one could go on from: the client left it out. Leave it out, too.",
    },
    {
      name: "keeps the server from answering",
      hint: "a key that the cache lacks may well exist: the server knows. XDP_PASS leads to it.",
    },
    {
      name: "answers a PUT",
      hint: "only a GET may be answered from the map: look at op, and let pass what is not KV_GET.",
    },
  ],
  scenarios: [
    scenario<string, string>({
      name: "the answer is right, and only where it is ours to give",
      given: "your text; each step loads it anew, with keys 3 and 5 in its map",
      start: (mine) => mine,
      steps: [takeStep(() => undefined), cuts, others, tells, turnsRound, sums, damaged, without],
    }),
  ],
};
