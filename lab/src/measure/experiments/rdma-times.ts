// How long a message takes by RDMA and by sockets on one wire, and how far our verbs are from perftest's, in the same run. Ours take turns;
// perftest, whose programs bring their own processes, comes after them.
import { nextCompletion, openRdmaSession, openWireSocket, runPerftest } from "../../rdma/index.js";
import { type Interval, median, medianInterval, shuffle } from "../../stats/index.js";
import type { Experiment } from "../experiment.js";

/** How much to measure. */
export interface RdmaTimesParams {
  /** Messages of each way, 20 or more. */
  readonly messages: number;
  /** Length of each, 1 to 1024. */
  readonly bytes: number;
}

/** One way, in µs from the post to its completion, or from the question to its answer. */
export interface RdmaTime extends Interval {
  readonly name: string;
  readonly us: number;
  readonly samplesUs: readonly number[];
}

/** The figure that is guessed is the median time of a read. */
export interface RdmaTimesOutcome {
  readonly read: RdmaTime;
  readonly write: RdmaTime;
  readonly udp: RdmaTime;
  /** `ib_read_lat`'s typical time of a read, in µs. */
  readonly perftestReadUs: number;
  /** Writes a second with several on their way. */
  readonly rates: { readonly ours: number; readonly perftest: number };
}

const IN_FLIGHT = 16;
const BREATHE_EVERY = 16;

const experiment: Experiment<RdmaTimesParams, RdmaTimesOutcome> = {
  name: "rdma-times",
  module: import.meta.url,
  question: "How long does a message take by RDMA, by sockets, and by perftest's programs?",
  needs: ["quiet", "rdma", "root"],
  unit: "µs",
  defaults: { messages: 200, bytes: 64 },
  unseen: [
    "a card that does RDMA itself: soft-RoCE's work is the kernel's",
    "where the processor is emulated, the times are the emulator's and order nothing",
  ],
  headline: ({ read }) => read.us,
  async run({ messages, bytes }, context) {
    const session = await openRdmaSession();
    context.onClose(() => session.close());
    const { wire, queue, target, ours } = session;
    context.note("network namespaces of the wire", `${wire.namespaces}: ${wire.why}`);
    const { target: echoer } = await session.again();
    const socket = openWireSocket(wire.near, wire.far.address);
    context.onClose(() => socket.close());
    await echoer.echo(wire.far, wire.near.address, messages);
    const [out, back, part] = [new Uint8Array(bytes), new Uint8Array(bytes), { region: ours, bytes }];
    const completed = (): void => succeed(nextCompletion(queue).status);
    const answered = (): void => {
      if (socket.receive(back) === null)
        throw new Error(
          "Cannot time UDP: no echo came, though its reader was patient: a datagram was lost -> run it again",
        );
    };
    const way = (name: string, move: () => void, end: () => void) => ({
      name,
      move,
      end,
      samplesUs: [] as number[],
    });
    const ways = [
      way("RDMA read", () => queue.read(1, part, target.memory), completed),
      way("RDMA write", () => queue.write(1, part, target.memory), completed),
      way("UDP, and its echo", () => socket.send(out), answered),
    ];
    for (let message = 0; message < messages; message++) {
      for (const each of shuffle(ways, context.random)) {
        const began = performance.now();
        each.move();
        each.end();
        each.samplesUs.push((performance.now() - began) * 1000);
      }
      if (message % BREATHE_EVERY === 0) await context.breathe();
      context.progress((0.5 * message) / messages, `message ${message} of ${messages}`);
    }
    const began = performance.now();
    for (let posted = 0, ended = 0; ended < messages; ) {
      if (posted < messages && posted - ended < IN_FLIGHT) queue.write(posted++, part, target.memory);
      const completion = queue.poll();
      if (completion !== null) {
        succeed(completion.status);
        ended++;
      }
    }
    const perSecond = messages / ((performance.now() - began) / 1000);
    context.progress(0.6, "perftest");
    const spec = { bytes, iterations: messages };
    const theirRead = await runPerftest(wire, "ib_read_lat", spec);
    const theirWrites = await runPerftest(wire, "ib_write_bw", spec);
    const [read, write, udp] = ways.map(({ name, samplesUs }) => ({
      name,
      us: median(samplesUs),
      ...medianInterval(samplesUs),
      samplesUs,
    }));
    return {
      read: read!,
      write: write!,
      udp: udp!,
      perftestReadUs: theirRead["t_typical[usec]"]!,
      rates: { ours: perSecond, perftest: theirWrites["MsgRate[Mpps]"]! * 1e6 },
    };
  },
};
export default experiment;

function succeed(status: string): void {
  if (status !== "success") throw new Error(`Cannot time RDMA: a request ended in ${status} -> run it again`);
}
