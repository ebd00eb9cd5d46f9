// How many questions does a server answer a second, and how many connections does it take, by whose TCP it is? The client is the kernel
// of host a each time; on host b the kernel's own TCP serves, or ours, or lwIP's, the latter two on AF_XDP. The wires are alike, offloads
// off. One thread plays both ends.
import { KernelSockets } from "../../sockets/index.js";
import { noiseFloor, type PairedComparison, pairedComparison } from "../../stats/index.js";
import { close, inNamespace, MSG_DONTWAIT, receive, send } from "../../sys/index.js";
import { ECHO_PORT, echoByKernel, echoByLwip, echoByUs, type TcpEchoServer } from "../echo-servers.js";
import type { Context, Experiment } from "../experiment.js";
import { type Cost, interleave, type Variant } from "../interleave.js";
import { settle } from "../settle.js";

/** How often to measure. */
export interface TcpRequestsParams {
  /** 10 or more. */
  readonly rounds: number;
}

/** One job, by each server. */
export interface TcpJob {
  readonly title: string;
  /** Questions answered, or connections opened, used and closed: a second, one figure a round. */
  readonly oursPerS: readonly number[];
  readonly kernelPerS: readonly number[];
  readonly lwipPerS: readonly number[];
  /** Rate of ours / of the kernel's: above 1, ours is faster. */
  readonly overKernel: PairedComparison;
  readonly overLwip: PairedComparison;
}

/** Questions one at a time, questions on many connections at once, and connections of one question. */
export interface TcpRequestsOutcome {
  readonly jobs: readonly TcpJob[];
}

const SERVER = { address: "10.0.0.2", port: ECHO_PORT };
const QUESTION_BYTES = 64;
const MANY = 32;
/** Looks without an answer after which it counts as lost. */
const PATIENCE = 1_000_000;

/** The kernel's end, on host a. */
class Client {
  private readonly server: TcpEchoServer;
  private readonly sockets = new KernelSockets();
  private readonly question = new Uint8Array(QUESTION_BYTES).fill(7);
  private readonly heard = new Uint8Array(QUESTION_BYTES);

  constructor(server: TcpEchoServer) {
    this.server = server;
    // The client closes first and would keep each port for a minute. Once half of all are taken a connect has to search: 4 ms instead of 0.2, after 14 000.
    server.testbed.inside("a", "sysctl", "-e", "-q", "-w", "net.ipv4.tcp_max_tw_buckets=0");
  }

  open(): number {
    const fd = this.sockets.socket("stream");
    this.sockets.connect(fd, SERVER);
    return fd;
  }

  /** Opens connections that stay. */
  openForGood(count: number): number[] {
    const { testbed } = this.server;
    const fds = Array.from({ length: count }, () => inNamespace(testbed.path("a"), () => this.open()));
    testbed.own({ close: () => fds.forEach(close) });
    this.server.accept();
    return fds;
  }

  /** Asks on each connection and waits for every answer. */
  askOn(fds: readonly number[]): void {
    for (const fd of fds) this.until(() => send(fd, this.question, null, MSG_DONTWAIT) === QUESTION_BYTES);
    for (const fd of fds) this.until(() => receive(fd, this.heard, MSG_DONTWAIT) === QUESTION_BYTES);
  }

  /** Opens a connection, asks once and closes it. The calling thread is in host a's namespace. */
  askOnce(): void {
    const fd = this.open();
    this.server.accept();
    this.askOn([fd]);
    close(fd);
    this.server.serve();
  }

  /** Lets the server work until something is done. */
  private until(isDone: () => boolean): void {
    for (let look = 0; look < PATIENCE; look++) {
      if (isDone()) return;
      this.server.serve();
    }
    throw new Error(
      `Cannot time answers by ${this.server.name}: one did not come -> run \`ringside reset\` and try again`,
    );
  }
}

function timed(name: string, step: () => void, operations = 1): Variant {
  return {
    name,
    operations,
    batch(count) {
      const started = performance.now();
      for (let done = 0; done < count; done++) step();
      return (performance.now() - started) * 1e6;
    },
  };
}

/** What one server is asked to do, by the job's title. */
function jobsOf(server: TcpEchoServer): Record<string, Variant> {
  const client = new Client(server);
  const [one, many] = [client.openForGood(1), client.openForGood(MANY)];
  const { name, testbed } = server;
  const connections = timed(name, () => client.askOnce());
  return {
    "requests on one connection": timed(name, () => client.askOn(one)),
    [`requests on ${MANY} connections at once`]: timed(name, () => client.askOn(many), MANY),
    "connections of one request": {
      ...connections,
      batch: (count) => inNamespace(testbed.path("a"), () => connections.batch(count)),
    },
  };
}

type Server = "ours" | "kernel" | "lwip" | "again";

function jobOf(title: string, cost: (server: Server) => Cost): TcpJob {
  const samplesOf = (server: Server): readonly number[] => cost(server).samplesNs;
  const [ours, kernel, lwip] = [samplesOf("ours"), samplesOf("kernel"), samplesOf("lwip")];
  const noise = noiseFloor(ours, samplesOf("again"));
  const perSecond = (samplesNs: readonly number[]): number[] => samplesNs.map((ns) => 1e9 / ns);
  const ahead = { relation: ">", bound: 1 } as const;
  return {
    title,
    oursPerS: perSecond(ours),
    kernelPerS: perSecond(kernel),
    lwipPerS: perSecond(lwip),
    overKernel: pairedComparison(kernel, ours, noise, ahead),
    overLwip: pairedComparison(lwip, ours, noise, ahead),
  };
}

async function run({ rounds }: TcpRequestsParams, context: Context): Promise<TcpRequestsOutcome> {
  const ours = jobsOf(echoByUs(context));
  const servers = {
    ours,
    kernel: jobsOf(echoByKernel(context)),
    lwip: jobsOf(echoByLwip(context)),
    again: ours,
  };
  const variants = Object.fromEntries(
    Object.entries(servers).flatMap(([server, jobs]) =>
      Object.entries(jobs).map(([title, variant]) => [`${server}: ${title}`, variant] as const),
    ),
  );
  await settle(variants, context);
  const costs = await interleave(variants, rounds, context);
  return {
    jobs: Object.keys(ours).map((title) => jobOf(title, (server) => costs[`${server}: ${title}`]!)),
  };
}

const experiment: Experiment<TcpRequestsParams, TcpRequestsOutcome> = {
  name: "tcp-requests",
  module: import.meta.url,
  question:
    "How many requests and connections does our TCP on AF_XDP serve a second, beside the kernel's and lwIP's?",
  needs: ["quiet", "root"],
  unit: "×",
  defaults: { rounds: 20 },
  unseen: [
    "the calls by which a server of the kernel's finds out which connection has a question",
    "a client on another CPU, and waking whoever sleeps",
    "an lwIP with our features: Debian's neither sends nor keeps SACK, and has IPv6 and packet buffers from malloc (measure/lwip-host.ts)",
    "a network card",
  ],
  headline: ({ jobs }) => jobs[0]!.overKernel.medianRatio,
  run,
};
export default experiment;
