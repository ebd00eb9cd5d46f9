// How long does an answer take, by whose sockets it goes? Both ends have a thread and a CPU of their own, and one question is on its
// way at a time. In turns: our stack on AF_XDP at both ends, polled without pause; the kernel's sockets at both ends, asleep while they
// wait, as POSIX has it; the same, but asking again and again instead of sleeping; and sleeping sockets that ask our stack.
import { NotSupportedError } from "../../base/index.js";
import { stackPlace } from "../../links/index.js";
import { Testbed, twoHosts } from "../../net/index.js";
import { LogHistogram, noiseFloor, type PairedComparison, pairedComparison } from "../../stats/index.js";
import { inNamespace } from "../../sys/index.js";
import type { AnsweringEnd } from "../echo-answer-worker.js";
import { EchoAnswerer } from "../echo-answerer.js";
import { type EchoEnd, type EchoWay, openEchoEnd } from "../echo-ends.js";
import type { Context, Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { noteLinks } from "../note-links.js";

/** How often to measure. */
export interface UdpEchoParams {
  /** 10 or more; each is 1000 questions by each arrangement. */
  readonly rounds: number;
}

/** A quantile of single answers, with the 95 % interval that the number of them allows. */
export interface EchoQuantile {
  readonly ns: number;
  readonly low: number;
  readonly high: number;
}

/** One arrangement's answers. */
export interface EchoTimes {
  /** The p50 of each round, in ns. */
  readonly samplesNs: readonly number[];
  readonly p50: EchoQuantile;
  readonly p99: EchoQuantile;
  readonly p999: EchoQuantile;
  readonly answers: number;
}

/** All four, and three comparisons by the p50 of each round. */
export interface UdpEchoOutcome {
  readonly ours: EchoTimes;
  readonly sleeping: EchoTimes;
  readonly spinning: EchoTimes;
  /** A kernel's socket asks, asleep while it waits, and our stack answers. */
  readonly oursAnswers: EchoTimes;
  /** Ours / sleeping sockets: what is gained in all, most of it by not being woken. */
  readonly againstSleeping: PairedComparison;
  /** Ours / spinning sockets: what is left of that where nobody sleeps. */
  readonly againstSpinning: PairedComparison;
  /** Sleeping sockets that ask our stack / that ask each other: only the answering end differs. */
  readonly onlyAnswerer: PairedComparison;
}

type Arrangement = "ours" | "sleeping" | "spinning" | "oursAnswers";

/** Who asks, and who answers. */
const WAYS: Readonly<Record<Arrangement, readonly [EchoWay, EchoWay]>> = {
  ours: ["ours", "ours"],
  sleeping: ["sleeping", "sleeping"],
  spinning: ["spinning", "spinning"],
  oursAnswers: ["sleeping", "ours"],
};
/** Questions in a row: enough for a p50, and few enough for the stop button. */
const QUESTIONS = 1000;
const WARM_UP_BATCHES = 10;

/** One arrangement on a wire of its own. */
class Echo {
  readonly answering: AnsweringEnd;
  times: LogHistogram = new LogHistogram();
  private readonly name: Arrangement;
  private readonly end: EchoEnd;
  private readonly order: number;

  constructor(name: Arrangement, order: number, context: Context) {
    const testbed = Testbed.create(twoHosts());
    context.onClose(() => testbed.close());
    const [asking, answering] = WAYS[name];
    const [a, b] = [stackPlace(testbed, "a"), stackPlace(testbed, "b")];
    this.name = name;
    this.order = order;
    this.end = inNamespace(testbed.path("a"), () => openEchoEnd({ way: asking, place: a, peer: b.address }));
    testbed.own(this.end);
    this.answering = { way: answering, place: b, peer: a.address, namespace: testbed.path("b") };
    if (name === "ours") noteLinks(context, testbed);
  }

  /** The first question of a batch finds its answerer just woken, and is not timed. */
  variant(answerer: EchoAnswerer): Variant {
    const batch = (batches: number): number => {
      const questions = batches * QUESTIONS;
      answerer.begin(this.order, questions + 1);
      this.end.ask();
      const own = new LogHistogram();
      for (let left = questions; left > 0; left--) this.ask(own);
      answerer.finish();
      this.times.add(own);
      return own.quantile(0.5) * questions;
    };
    return { name: this.name, batch, operations: QUESTIONS };
  }

  private ask(times: LogHistogram): void {
    const started = performance.now();
    this.end.ask();
    times.recordValue((performance.now() - started) * 1e6);
  }
}

/** @source Conover, Practical Nonparametric Statistics, section 3.2: the ranks of a quantile's interval, by the normal approximation */
function quantileOf(times: LogHistogram, share: number): EchoQuantile {
  const reach = 1.96 * Math.sqrt((share * (1 - share)) / times.count);
  const at = (fraction: number): number => times.quantile(Math.min(1, Math.max(0, fraction)));
  return { ns: at(share), low: at(share - reach), high: at(share + reach) };
}

function timesOf({ times }: Echo, { samplesNs }: Cost): EchoTimes {
  const [p50, p99, p999] = [0.5, 0.99, 0.999].map((share) => quantileOf(times, share)) as [
    EchoQuantile,
    EchoQuantile,
    EchoQuantile,
  ];
  return { samplesNs, p50, p99, p999, answers: times.count };
}

function otherCpu(context: Context): number {
  const other = context.cpus.find((cpu) => cpu !== context.cpu);
  if (other !== undefined) return other;
  throw new NotSupportedError(
    "a CPU for each end of an echo",
    "two CPUs",
    "one CPU",
    "give the machine another one",
  );
}

async function run({ rounds }: UdpEchoParams, context: Context): Promise<UdpEchoOutcome> {
  const cpu = otherCpu(context);
  context.note("CPU of the answering end", cpu);
  const names = Object.keys(WAYS) as Arrangement[];
  const echoes = names.map((name, order) => new Echo(name, order, context));
  const ends = echoes.map(({ answering }) => answering);
  const answerer = await EchoAnswerer.open(ends, cpu);
  context.onClose(() => answerer.close());
  const [ours, sleeping, spinning, oursAnswers] = echoes.map((echo) => echo.variant(answerer)) as [
    Variant,
    Variant,
    Variant,
    Variant,
  ];
  const again = { ...ours, name: "ours, again" };
  const variants = { ours, again, sleeping, spinning, oursAnswers };
  for (const { batch } of Object.values(variants)) {
    for (let warm = 0; warm < WARM_UP_BATCHES; warm++) {
      batch(1);
      await context.breathe();
    }
  }
  for (const echo of echoes) echo.times = new LogHistogram();
  const costs = await interleave(variants, rounds, context);
  const noise = noiseFloor(costs.ours.samplesNs, costs.again.samplesNs);
  const compare = (a: Cost, b: Cost, bound: number): PairedComparison =>
    pairedComparison(a.samplesNs, b.samplesNs, noise, { relation: "<", bound });
  return {
    ours: timesOf(echoes[0]!, costs.ours),
    sleeping: timesOf(echoes[1]!, costs.sleeping),
    spinning: timesOf(echoes[2]!, costs.spinning),
    oursAnswers: timesOf(echoes[3]!, costs.oursAnswers),
    againstSleeping: compare(costs.ours, costs.sleeping, 0.5),
    againstSpinning: compare(costs.ours, costs.spinning, 1),
    onlyAnswerer: compare(costs.oursAnswers, costs.sleeping, 1),
  };
}

const experiment: Experiment<UdpEchoParams, UdpEchoOutcome> = {
  name: "udp-echo",
  module: import.meta.url,
  question: "How long does a UDP answer take by our stack on AF_XDP, beside one by the kernel's sockets?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { rounds: 20 },
  unseen: [
    "a network card, and a wire that takes time",
    "what waking costs on hardware: in a virtual machine an idle CPU sleeps in the hypervisor, which has to wake it",
    "the price of never sleeping: our ends and the spinning sockets keep both CPUs busy",
  ],
  headline: ({ againstSleeping }) => againstSleeping.medianRatio,
  run,
};
export default experiment;
