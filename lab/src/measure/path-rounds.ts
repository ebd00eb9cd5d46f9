// Paths side by side at the largest load there is. Each has a stage of its own that stays open, and they take turns in short
// rounds, in an order drawn anew: a machine that is slower for a second is slower for all of them.
import type { HopCount, Stage } from "../paths/index.js";
import { type Interval, median, medianInterval, shuffle } from "../stats/index.js";
import { readCpuTicks } from "./cpu-load.js";
import type { Context } from "./experiment.js";

/** What one stage did in all rounds. */
export interface RoundTally extends Interval {
  /** Received packets a second: the median over the rounds, with its 95 % interval. */
  readonly medianPps: number;
  /** One figure a round; sample i of every stage is of the same round. */
  readonly samplesPps: readonly number[];
  readonly offered: number;
  readonly received: number;
  readonly losses: readonly HopCount[];
  /** Packets that no hop accounts for: 0, or the figures are void. */
  readonly unaccounted: number;
  /** CPU time of the thread that ends the packets, ours, DPDK's or the kernel's, in ns a received packet; null where the softirq does. */
  readonly consumerCpuNs: number | null;
  /** The same of the kernel's thread that receives for ours (SQPOLL); null where there is none. */
  readonly helperCpuNs: number | null;
  /** Share of the time that each CPU was busy with this path, softirqs included. */
  readonly cpus: readonly { readonly cpu: number; readonly role: string; readonly busy: number }[];
}

interface Account {
  readonly samplesPps: number[];
  readonly losses: Map<string, HopCount>;
  readonly ticks: Map<number, { idle: number; total: number }>;
  offered: number;
  received: number;
  unaccounted: number;
  cpuNs: number | null;
  helperCpuNs: number | null;
}

function newAccount(): Account {
  const [losses, ticks] = [new Map(), new Map()];
  return { samplesPps: [], losses, ticks, offered: 0, received: 0, unaccounted: 0, cpuNs: 0, helperCpuNs: 0 };
}

/** Offers all that the machine can for a short time. */
async function playRound(
  stage: Stage,
  seconds: number,
  account: Account,
  signal: AbortSignal,
): Promise<void> {
  const before = readCpuTicks();
  const run = await stage.run({ seconds, ratePps: Number.POSITIVE_INFINITY }, signal);
  for (const end of readCpuTicks()) {
    const start = before.find(({ cpu }) => cpu === end.cpu);
    const sum = account.ticks.get(end.cpu) ?? { idle: 0, total: 0 };
    sum.idle += end.idle - (start?.idle ?? end.idle);
    sum.total += end.total - (start?.total ?? end.total);
    account.ticks.set(end.cpu, sum);
  }
  account.samplesPps.push(run.receivedPps);
  account.offered += run.offered;
  account.received += run.received;
  account.unaccounted += run.unaccounted;
  account.cpuNs = run.cpuNs.consumer === null ? null : account.cpuNs! + run.cpuNs.consumer;
  account.helperCpuNs = run.cpuNs.helper === null ? null : account.helperCpuNs! + run.cpuNs.helper;
  for (const loss of run.losses) {
    const packets = (account.losses.get(loss.hop)?.packets ?? 0) + loss.packets;
    account.losses.set(loss.hop, { ...loss, packets });
  }
}

/**
 * Plays rounds over open stages.
 *
 * @param stages by key; one warm-up round of each is thrown away
 * @param rounds 10 or more for a verdict
 * @param seconds of one round; the injector works in pieces of some 25 ms
 * @returns One tally for each stage, under the same key.
 */
export async function playRounds<Key extends string>(
  stages: ReadonlyMap<Key, Stage>,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
  context: Context,
): Promise<Map<Key, RoundTally>> {
  const accounts = new Map([...stages.keys()].map((key) => [key, newAccount()]));
  for (let round = 0; round <= rounds; round++) {
    for (const [key, stage] of shuffle([...stages], context.random)) {
      await playRound(stage, seconds, round === 0 ? newAccount() : accounts.get(key)!, context.signal);
      await context.breathe();
    }
    context.progress(round / rounds, `maximum load, round ${round} of ${rounds}`);
  }
  return new Map([...accounts].map(([key, account]) => [key, tallyOf(account, stages.get(key)!)]));
}

function tallyOf(account: Account, { cpus, consumerCpu }: Stage): RoundTally {
  const { samplesPps, offered, received, unaccounted, cpuNs, helperCpuNs } = account;
  const each = (ns: number | null): number | null => (ns === null || received === 0 ? null : ns / received);
  const role = (cpu: number): string =>
    [cpu === cpus.injector ? "injector and softirq" : "", cpu === consumerCpu ? "consumer" : ""]
      .filter((part) => part !== "")
      .join(", ");
  return {
    medianPps: median(samplesPps),
    ...medianInterval(samplesPps),
    samplesPps,
    offered,
    received,
    losses: [...account.losses.values()],
    unaccounted,
    consumerCpuNs: each(cpuNs),
    helperCpuNs: each(helperCpuNs),
    cpus: [...account.ticks]
      .filter(([cpu, { total }]) => total > 0 && role(cpu) !== "")
      .map(([cpu, { idle, total }]) => ({ cpu, role: role(cpu), busy: 1 - idle / total })),
  };
}
