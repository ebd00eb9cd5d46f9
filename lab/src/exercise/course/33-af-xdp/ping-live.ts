// The judge that nobody can argue with: Linux's own ping, in host a, and the learner's program in host b. The XDP program
// takes every packet to the socket, so b's own stack never hears of the pings; its counter shows it.
import { setTimeout as delay } from "node:timers/promises";
import { type OwnershipLedger, takeLedger } from "../../../ring/index.js";
import { openReceiver, type XdpReceiver } from "../../../xdp/index.js";
import { mismatch, type Outcome, saw } from "../../types.js";
import { describeThrown } from "../../values.js";
import { Watch } from "../../watch.js";
import { type PingAnswerer, type PingSocket, watchPingSocket } from "./ping-table.js";

/** What came of a `ping` that a program answered. */
export interface PingRun {
  readonly sent: number;
  /** Answers that ping took for right. */
  readonly received: number;
  /** What the program says that it answered. */
  readonly answered: number;
  /** Echo replies by host b's own stack. */
  readonly byStack: number;
  /** ICMP messages that host a threw away for their checksum. */
  readonly badChecksums: number;
  /** What ping printed. */
  readonly output: string;
  /** What the program threw, or null. */
  readonly failure: string | null;
  /** Where the frames were at the end. */
  readonly ledger: OwnershipLedger;
}

const TURN_MS = 1;
/**
 * Lets ping have a ping socket, which is given what host a's stack has checked. A raw socket, ping's other choice, is given
 * a message before its checksum is looked at, and ping then counts wrong answers as received.
 * @source net/ipv4/ip_input.c, ip_protocol_deliver_rcu, v6.18: raw_local_deliver comes first; icmp(7), ping_group_range
 */
const PING_SOCKETS = ["sysctl", "-q", "-w", "net.ipv4.ping_group_range=0 0"] as const;
/** Every 20 ms; it ends by itself, a second after its last packet at the latest. */
const PING = ["ping", "-n", "-i", "0.02", "-W", "1", "-c"] as const;

/**
 * Runs `ping` in host a of a receiver's testbed while `answer` is called again and again on the socket in host b.
 *
 * @param count how many pings, 20 ms apart; needs root, as the testbed does
 * @returns What both sides say. A program that throws, or loops for ever on a ring, is asked no further.
 */
export async function pingThrough(
  { testbed, socket, pool }: XdpReceiver,
  answer: PingAnswerer,
  count = 10,
): Promise<PingRun> {
  testbed.inside("a", ...PING_SOCKETS);
  const snmp = (host: string): Record<string, number> =>
    icmpCounters(testbed.inside(host, "cat", "/proc/net/snmp"));
  const before = { a: snmp("a"), b: snmp("b") };
  const address = testbed.end("b").addresses[0].split("/")[0];
  const child = testbed.spawn("a", ...PING, `${count}`, address);
  let output = "";
  let hasEnded = false;
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (output += text));
  child.on("close", () => (hasEnded = true));
  const told = await answerUntil(() => hasEnded, answer, socket);
  const after = { a: snmp("a"), b: snmp("b") };
  const [, sent = 0, received = 0] = /(\d+) packets transmitted, (\d+) received/.exec(output) ?? [];
  return {
    ...told,
    sent: Number(sent),
    received: Number(received),
    byStack: after.b.OutEchoReps - before.b.OutEchoReps,
    badChecksums: after.a.InCsumErrors - before.a.InCsumErrors,
    output,
    ledger: takeLedger(socket, pool.list()),
  };
}

/** Calls the program once a millisecond, and once more at the end: what was sent last has come back by then. */
async function answerUntil(
  hasEnded: () => boolean,
  answer: PingAnswerer,
  socket: PingSocket,
): Promise<Pick<PingRun, "answered" | "failure">> {
  const watch = new Watch();
  const watched = watchPingSocket(socket, watch);
  let answered = 0;
  for (let isLast = false; !isLast; ) {
    isLast = hasEnded();
    watch.restart();
    try {
      answered += answer(watched);
    } catch (thrown) {
      while (!hasEnded()) await delay(TURN_MS);
      return { answered, failure: describeThrown(thrown) };
    }
    await delay(TURN_MS);
  }
  return { answered, failure: null };
}

/** @source proc_net(5), /proc/net/snmp: a line of names, then one of values */
function icmpCounters(snmp: string): Record<string, number> {
  const [names, values] = snmp.split("\n").filter((line) => line.startsWith("Icmp: "));
  const figures = values.split(" ");
  return Object.fromEntries(names.split(" ").map((name, index) => [name, Number(figures[index])]));
}

/** One step of the check: makes the hosts, lets Linux ping through them, and removes them. */
export async function pingAndJudge(mine: PingAnswerer): Promise<Outcome> {
  const receiver = openReceiver({ ringSize: 64, frames: 32 });
  try {
    const run = await pingThrough(receiver, mine);
    return judgeRun(run);
  } finally {
    receiver.close();
  }
}

function judgeRun({ sent, received, byStack, badChecksums, output, failure, ledger }: PingRun): Outcome {
  if (failure !== null) return mismatch("no error", `threw ${failure}`);
  if (sent === 0)
    return mismatch("a ping that runs", `was never asked: ${output.trim() || "ping said nothing"}`);
  if (received < sent) {
    const why = badChecksums > 0 ? `; host a threw ${badChecksums} away for their checksum` : "";
    return mismatch(`${sent} answers`, `gave ${received} that ping takes${why}`);
  }
  if (!ledger.conserved) return mismatch("each frame in one place", `left ${ledger.equation}`);
  return saw(`${received} of ${sent} answered, ${byStack} of them by host b's own stack`);
}
