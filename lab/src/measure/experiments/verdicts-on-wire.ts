// A program that answered well as a function meets real frames: it is attached to a wire's end in native mode, and two
// kinds of frames come in, one after the other. The driver's own counters say what became of each frame, so the program
// needs no counter. The IPv4 frames are for an address that nobody has: the stack that gets them answers nothing.
import { type AtPeer, type EndSpec, Testbed, twoHosts } from "../../net/index.js";
import { buildFrame } from "../../packet/index.js";
import { attachXdp, loadXdpText } from "../../xdp/index.js";
import type { Context, Experiment } from "../experiment.js";

/** What to attach, and how much to send. */
export interface VerdictsOnWireParams {
  /** One C file with a function under `SEC("xdp")`; the one that passes everything unless given. */
  readonly text: string;
  /** Frames of each kind. */
  readonly frames: number;
}

/** What became of one kind of frames. */
export interface SentKind {
  readonly name: "IPv4" | "ARP";
  readonly offered: number;
  readonly arrived: number;
  readonly lost: number;
  readonly passed: number;
  readonly dropped: number;
}

/** What was seen. */
export interface VerdictsOnWireOutcome {
  /** Mode that the kernel reports of the attached program. */
  readonly mode: string;
  readonly kinds: readonly SentKind[];
}

const PASS = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
SEC("xdp") int pass(struct xdp_md *ctx) { return XDP_PASS; }
`;
const NOBODY = "10.0.0.99";

function frameOf(name: SentKind["name"], from: EndSpec, to: EndSpec): Uint8Array {
  const ethernet = { source: from.mac, destination: to.mac };
  if (name === "IPv4")
    return buildFrame({ ethernet, ipv4: { source: "10.0.0.1", destination: NOBODY }, padTo: 60 });
  const senderMac = from.mac;
  const targetMac = "00:00:00:00:00:00";
  const arp = { operation: 1, senderMac, senderIp: "10.0.0.1", targetMac, targetIp: NOBODY };
  return buildFrame({ ethernet, arp, padTo: 60 });
}

function kindOf(name: SentKind["name"], offered: number, arrived: number, atPeer: AtPeer): SentKind {
  const { toStack, dropped } = atPeer;
  return { name, offered, arrived, lost: offered - arrived, passed: toStack, dropped };
}

async function run({ text, frames }: VerdictsOnWireParams, context: Context): Promise<VerdictsOnWireOutcome> {
  let testbed: Testbed | undefined;
  context.onClose(() => testbed?.close());
  testbed = Testbed.create(twoHosts());
  attachXdp(testbed, "b", loadXdpText(text), "native");
  const mode = testbed.facts("b").xdp;
  const kinds: SentKind[] = [];
  for (const name of ["IPv4", "ARP"] as const) {
    const injector = testbed.injector("a", frameOf(name, testbed.end("a"), testbed.end("b")));
    const { offered, arrived, atPeer } = await injector.inject(frames, { signal: context.signal });
    kinds.push(kindOf(name, offered, arrived, atPeer));
    context.progress(kinds.length / 2, `${name} frames sent`);
  }
  return { mode, kinds };
}

const experiment: Experiment<VerdictsOnWireParams, VerdictsOnWireOutcome> = {
  name: "verdicts-on-wire",
  module: import.meta.url,
  question: "What becomes of frames on a wire under this program?",
  needs: ["root"],
  unit: "frames",
  defaults: { text: PASS, frames: 10_000 },
  unseen: [
    "what the stack makes of the frames that pass",
    "a network card's own drops: a veth has no hardware",
  ],
  headline: ({ kinds }) => kinds.reduce((sum, { passed }) => sum + passed, 0),
  run,
};
export default experiment;
