// Each IPv4 source may send so many packets and no more: a verdict that depends on a map. Emptied once a second from
// outside, the same map makes a rate limiter.
import { buildFrame } from "../../../packet/index.js";
import type { XdpVerdict } from "../../../xdp/index.js";
import { type Exercise, scenario } from "../../types.js";
import { provenBytes, refusesText, takeStep } from "../50-the-articles-program/bench.js";
import { passed, sequenceStep } from "./sequence.js";

/** Packets that a source may send. */
const QUOTA = 5;
const ROUNDS = 8;
const OTHERS = 1000;

const ethernet = { source: "02:00:00:00:00:0a", destination: "02:00:00:00:00:0b" };
const IPV4_BYTES = 34;

function ipv4(source: string, destination = "10.0.0.200"): Uint8Array {
  const udp = { sourcePort: 5000, destinationPort: 7 };
  return buildFrame({ ethernet, ipv4: { source, destination }, udp, padTo: 60 });
}

/** The sender's MAC and its address lie where an IPv4 header has other things. */
const arp = buildFrame({
  ethernet,
  arp: {
    operation: 1,
    senderMac: ethernet.source,
    senderIp: "10.0.0.1",
    targetMac: "00:00:00:00:00:00",
    targetIp: "10.0.0.2",
  },
  padTo: 60,
});

function repeat<T>(value: T, times: number): T[] {
  return Array.from({ length: times }, () => value);
}

/** So many PASS, then DROP up to the number of rounds. */
const LIMITED: readonly XdpVerdict[] = [
  ...repeat<XdpVerdict>("PASS", QUOTA),
  ...repeat<XdpVerdict>("DROP", ROUNDS - QUOTA),
];

const oneSource = sequenceStep({
  action: `${ROUNDS} packets of one source`,
  packets: repeat(ipv4("10.0.0.1"), ROUNDS),
  expected: LIMITED,
  diagnose: (answers) => (Math.abs(passed(answers) - QUOTA) === 1 ? "one packet off" : undefined),
});

const twoSources = sequenceStep({
  action: `two sources take turns, ${ROUNDS} packets each`,
  packets: repeat([ipv4("10.0.0.1"), ipv4("10.0.0.2")], ROUNDS).flat(),
  expected: LIMITED.flatMap((verdict) => [verdict, verdict]),
  diagnose: (answers) => (passed(answers) === QUOTA ? "one count for all sources" : undefined),
});

const manyDestinations = sequenceStep({
  action: `one source sends to ${ROUNDS} destinations`,
  packets: Array.from({ length: ROUNDS }, (_, i) => ipv4("10.0.0.1", `10.0.1.${i + 1}`)),
  expected: LIMITED,
  diagnose: (answers) => (passed(answers) === ROUNDS ? "counts by destination" : undefined),
});

const notIpv4 = sequenceStep({
  action: `${ROUNDS} ARP frames, and ${ROUNDS} frames too short for an IPv4 header`,
  packets: [...repeat(arp, ROUNDS), ...repeat(ipv4("10.0.0.1").subarray(0, IPV4_BYTES - 1), ROUNDS)],
  expected: repeat<XdpVerdict>("PASS", 2 * ROUNDS),
  diagnose: () => "limits what is not IPv4",
});

const manySources = sequenceStep({
  action: `${OTHERS} sources send one packet each, then one more source sends ${ROUNDS}`,
  packets: [
    ...Array.from({ length: OTHERS }, (_, i) => ipv4(`10.1.${i >> 8}.${i & 255}`)),
    ...repeat(ipv4("10.0.0.1"), ROUNDS),
  ],
  expected: [...repeat<XdpVerdict>("PASS", OTHERS), ...LIMITED],
  diagnose: () => "a map too small",
});

/** Notebook 51: `check("51-verdicts/quota", limiter)`. */
export const quota: Exercise<string> = {
  id: "51-verdicts/quota",
  title: "So many packets a source",
  points: 5,
  needs: ["bpf", "clang"],
  starterSteps: 1,
  refuses: refusesText("quota"),
  hints: [
    "where does a program keep what it must remember from one packet to the next? Its variables begin anew with each packet.",
    "a hash map from the source address (ip->saddr, 4 bytes) to a count (8 bytes). bpf_map_lookup_elem gives a pointer to the count, or NULL for a source that it does not know yet.",
    "NULL: bpf_map_update_elem with a count of 1, and pass. Not NULL: compare before you add, and drop once the count has reached 5.",
  ],
  wrongAnswers: [
    {
      name: "proves nothing about the IPv4 header",
      hint: "the address lies in bytes 26 to 29. Compare the end of the IPv4 header with data_end before you read it, and let pass what is shorter.",
    },
    {
      name: "one packet off",
      hint: "count the answers on your fingers: the first packet of a source is number 1, and number 5 is the last that passes.",
    },
    {
      name: "one count for all sources",
      hint: "two sources share one count here. What is the key of your map?",
    },
    {
      name: "counts by destination",
      hint: "one source that talks to many destinations is still one source: the destination has no place in the key.",
    },
    {
      name: "limits what is not IPv4",
      hint: "an ARP frame has no IPv4 source, and a frame that is too short has none that you may read. Both pass, uncounted: who drops ARP cuts the wire in a minute.",
    },
    {
      name: "a map too small",
      hint: "a full hash map takes no new key: bpf_map_update_elem fails, and nobody reads its answer. Give it max_entries for more sources than come, 4096 here.",
    },
  ],
  scenarios: [
    scenario<string, string>({
      name: "five packets and no more",
      given: "your text; each step loads it anew, with empty maps",
      start: (mine) => mine,
      steps: [
        takeStep((trial) => {
          const proven = provenBytes(trial);
          return proven !== null && proven < IPV4_BYTES ? "proves nothing about the IPv4 header" : undefined;
        }),
        oneSource,
        manyDestinations,
        twoSources,
        notIpv4,
        manySources,
      ],
    }),
  ],
};
