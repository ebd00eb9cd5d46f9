// iperf3 of the kernel's side tests our TCP, both ways: what it says, and what our stack counted meanwhile. Two programs that know
// nothing of one another count the same bytes.
import { once } from "node:events";
import { NotSupportedError } from "../../base/index.js";
import { machineClock, openLiveStack } from "../../links/index.js";
import type { Testbed } from "../../net/index.js";
import { AsyncSockets, Iperf3Server, StackSockets } from "../../sockets/index.js";
import type { Stack } from "../../stack/index.js";
import type { Context, Experiment } from "../experiment.js";
import { noteLinks } from "../note-links.js";

/** How much to send each way. */
export interface Iperf3ExchangeParams {
  /** 1 to 1024. */
  readonly mib: number;
}

/** One test of iperf3's, from both ends. */
export interface Iperf3Side {
  readonly sender: "the kernel" | "ours";
  /** What iperf3 says: bytes sent and received, and segments that the kernel sent again (null where ours is the sender). */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly retransmits: number | null;
  /** What our server counted: bytes that it received, or gave to our stack to send. */
  readonly ourBytes: number;
  /** What our stack counted. */
  readonly framesIn: number;
  readonly framesOut: number;
  readonly sentAgain: number;
}

/** Both ways. */
export interface Iperf3ExchangeOutcome {
  /** As `iperf3 --version` says it. */
  readonly version: string;
  readonly sides: readonly Iperf3Side[];
}

interface Sum {
  readonly bytes: number;
  readonly retransmits?: number;
}

interface Iperf3Json {
  readonly start: { readonly version: string };
  readonly end: { readonly sum_sent: Sum; readonly sum_received: Sum };
  readonly error?: string;
}

const PORT = 5201;

async function run({ mib }: Iperf3ExchangeParams, context: Context): Promise<Iperf3ExchangeOutcome> {
  const { testbed, stack, close } = openLiveStack();
  context.onClose(close);
  noteLinks(context, testbed);
  const address = testbed.end("b").addresses[0]!.split("/")[0]!;
  const time = { nowMs: () => machineClock.nowMs(), pump: () => void stack.poll() };
  const server = new Iperf3Server(new AsyncSockets(new StackSockets(stack, time)), { address, port: PORT });
  context.onClose(() => server.close());
  const options = ["-c", address, "-n", `${mib}M`, "-A", `${context.cpus[0]}`];
  const forth = await side(testbed, stack, server, options);
  const back = await side(testbed, stack, server, [...options, "-R"]);
  return { version: forth.version, sides: [forth.side, back.side] };
}

/** One test to its end. */
async function side(
  testbed: Testbed,
  stack: Stack,
  server: Iperf3Server,
  options: readonly string[],
): Promise<{ version: string; side: Iperf3Side }> {
  const { framesIn, framesOut, retransmitted } = stack.counters;
  const { start, end } = await iperf3(testbed, options);
  const report = server.reports.at(-1);
  if (report === undefined)
    throw (
      server.failure ??
      new Error("Cannot read our end of iperf3's test: it did not end -> run the cell again")
    );
  return {
    version: start.version,
    side: {
      sender: report.reverse ? "ours" : "the kernel",
      sentBytes: end.sum_sent.bytes,
      receivedBytes: end.sum_received.bytes,
      retransmits: report.reverse ? null : (end.sum_sent.retransmits ?? null),
      ourBytes: report.streamBytes.reduce((sum, bytes) => sum + bytes, 0),
      framesIn: stack.counters.framesIn - framesIn,
      framesOut: stack.counters.framesOut - framesOut,
      sentAgain: stack.counters.retransmitted - retransmitted,
    },
  };
}

/** Runs it on host a. @throws NotSupportedError where it is not installed */
async function iperf3(testbed: Testbed, options: readonly string[]): Promise<Iperf3Json> {
  const client = testbed.spawn("a", "iperf3", "--json", "--connect-timeout", "5000", ...options);
  let [said, complained] = ["", ""];
  client.stdout!.on("data", (text) => (said += text));
  client.stderr!.on("data", (text) => (complained += text));
  const [code] = await once(client, "close");
  if (code === 127) {
    throw new NotSupportedError("iperf3", "this program", "none on the PATH", "run `sh vm/provision.sh run`");
  }
  const json = said === "" ? null : (JSON.parse(said) as Iperf3Json);
  if (code === 0 && json !== null) return json;
  throw new Error(
    `Cannot test our TCP: iperf3 says ${json?.error ?? complained} -> run \`ringside reset\` and try again`,
  );
}

const experiment: Experiment<Iperf3ExchangeParams, Iperf3ExchangeOutcome> = {
  name: "iperf3-exchange",
  module: import.meta.url,
  question: "How many frames bring 8 MiB of iperf3's to our stack, and do both ends count the same bytes?",
  needs: ["root"],
  unit: "frames",
  defaults: { mib: 8 },
  unseen: ["rates: both ends share this machine's CPUs", "what was on its way when iperf3 ended its test"],
  headline: ({ sides }) => sides[0]!.framesIn,
  run,
};
export default experiment;
