// What does an answer cost, by whose stack it is? A kernel's UDP socket on host a asks; on host b either that kernel's own socket
// answers, or our stack on AF_XDP. One thread plays both ends, turn by turn, so nobody sleeps and nobody is woken: what is timed
// is work alone. The wires are alike, offloads off; ours has the XDP program on it that our stack needs.
import { openLiveStack } from "../../links/index.js";
import { Testbed, twoHosts } from "../../net/index.js";
import { LogHistogram, type PairedComparison } from "../../stats/index.js";
import {
  AF_INET,
  bind,
  close,
  connect,
  inNamespace,
  ipv4SocketAddress,
  MSG_DONTWAIT,
  receive,
  SOCK_DGRAM,
  send,
  socket,
} from "../../sys/index.js";
import { comparePairs } from "../compare.js";
import type { Context, Experiment } from "../experiment.js";
import type { Variant } from "../interleave.js";
import { noteLinks } from "../note-links.js";

/** How often to measure. */
export interface UdpEchoParams {
  /** 10 or more. */
  readonly rounds: number;
}

/** One stack's answers. */
export interface EchoTimes {
  /** ns for a question and its answer, one figure a round. */
  readonly samplesNs: readonly number[];
  /** Of single answers, in ns. */
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly p999Ns: number;
  readonly answers: number;
}

/** Both, and how they compare. */
export interface UdpEchoOutcome {
  readonly ours: EchoTimes;
  readonly kernel: EchoTimes;
  /** Ours / the kernel's. */
  readonly ratio: PairedComparison;
}

const ASKER = ipv4SocketAddress("10.0.0.1", 5000);
const ANSWERER = ipv4SocketAddress("10.0.0.2", 7);
const QUESTION_BYTES = 64;
/** Looks without an answer after which it counts as lost. */
const PATIENCE = 1_000_000;

/** One way to answer, timed. */
class Echo {
  readonly name: string;
  readonly times: LogHistogram = new LogHistogram();
  private readonly client: number;
  private readonly answer: () => void;
  private readonly question = new Uint8Array(QUESTION_BYTES).fill(7);
  private readonly heard = new Uint8Array(2048);

  constructor(name: string, testbed: Testbed, answer: () => void) {
    this.name = name;
    this.client = udpSocket(testbed, "a", ASKER, ANSWERER);
    this.answer = answer;
  }

  get variant(): Variant {
    return { name: this.name, batch: (questions) => this.batch(questions) };
  }

  private batch(questions: number): number {
    const started = performance.now();
    for (let done = 0; done < questions; done++) this.ask();
    return (performance.now() - started) * 1e6;
  }

  private ask(): void {
    const started = performance.now();
    send(this.client, this.question);
    for (let look = 0; look < PATIENCE; look++) {
      this.answer();
      if (receive(this.client, this.heard, MSG_DONTWAIT) !== QUESTION_BYTES) continue;
      this.times.recordValue((performance.now() - started) * 1e6);
      return;
    }
    throw new Error(
      `Cannot time answers by ${this.name}: one did not come -> run \`ringside reset\` and try again`,
    );
  }
}

/** A socket of a kernel between two ports. */
function udpSocket(testbed: Testbed, host: string, own: Uint8Array, peer: Uint8Array): number {
  const fd = inNamespace(testbed.path(host), () => socket(AF_INET, SOCK_DGRAM, 0));
  testbed.own({ close: () => close(fd) });
  bind(fd, own, `a UDP port of host ${host}`);
  connect(fd, peer, `host ${host} to its peer`);
  return fd;
}

function byKernel(context: Context): Echo {
  const testbed = Testbed.create(twoHosts());
  context.onClose(() => testbed.close());
  const server = udpSocket(testbed, "b", ANSWERER, ASKER);
  const heard = new Uint8Array(QUESTION_BYTES);
  return new Echo("the kernel", testbed, () => {
    if (receive(server, heard, MSG_DONTWAIT) !== null) send(server, heard);
  });
}

function byUs(context: Context): Echo {
  const { testbed, stack, close: remove } = openLiveStack();
  context.onClose(remove);
  noteLinks(context, testbed);
  const port = stack.openUdp(7);
  port.onEvents = () => {
    for (let got = port.receive(); got !== null; got = port.receive()) port.send(got, got.bytes);
  };
  return new Echo("our stack", testbed, () => stack.poll());
}

function timesOf({ times }: Echo, samplesNs: readonly number[]): EchoTimes {
  const at = (share: number): number => times.quantile(share);
  return { samplesNs, p50Ns: at(0.5), p99Ns: at(0.99), p999Ns: at(0.999), answers: times.count };
}

const experiment: Experiment<UdpEchoParams, UdpEchoOutcome> = {
  name: "udp-echo",
  module: import.meta.url,
  question: "What does a UDP answer by our stack on AF_XDP cost, beside one by the kernel's sockets?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { rounds: 20 },
  unseen: ["what it costs to be woken: one thread plays both ends and never sleeps", "a network card"],
  headline: ({ ratio }) => ratio.medianRatio,
  async run({ rounds }, context) {
    const [ours, kernel] = [byUs(context), byKernel(context)];
    const { a, b, result } = await comparePairs(
      ours.variant,
      kernel.variant,
      rounds,
      { relation: "<", bound: 1 },
      context,
    );
    return { ours: timesOf(ours, a.samplesNs), kernel: timesOf(kernel, b.samplesNs), ratio: result };
  },
};
export default experiment;
