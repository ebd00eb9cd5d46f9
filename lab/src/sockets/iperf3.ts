// The other end of `iperf3 -c`: a second opinion on a TCP, by a program that everybody knows. A client opens one connection to talk and
// others to send bytes on; all begin with the same cookie. The talk is one byte for each step, and JSON behind its length in 4 bytes.

import { Readable } from "node:stream";
import type { SocketAddress } from "./api.js";
import { Iperf3Talk, NOT_IMPLEMENTED, STEP } from "./iperf3-talk.js";
import { StreamServer, type StreamSocket } from "./node-net.js";
import type { AsyncSockets } from "./wait.js";

/** 36 letters and a NUL. @source esnet/iperf, src/iperf.h, COOKIE_SIZE */
const COOKIE_BYTES = 37;
/** Largest block that is sent at once, whatever the client asks for. */
const MAX_BLOCK_BYTES = 1 << 20;

/** What one test came to, as this end counted it. */
export interface Iperf3Report {
  /** The client asked to be sent to (`-R`). */
  readonly reverse: boolean;
  /** Bytes that this end received, or sent, on each of the test's connections. */
  readonly streamBytes: readonly number[];
  readonly seconds: number;
}

interface Parameters {
  readonly tcp?: boolean;
  readonly reverse?: boolean;
  readonly bidirectional?: boolean;
  /** Connections to send on. */
  readonly parallel?: number;
  /** Bytes of one write. */
  readonly len?: number;
}

/** A server for one `iperf3 -c` at a time: TCP, either way (`-R`), several connections (`-P`). **Left out: UDP, SCTP, `--bidir`, `--omit`, passwords.** */
export class Iperf3Server {
  /** The tests that ran to their end. */
  readonly reports: Iperf3Report[] = [];
  /** Why the last test did not. */
  failure: Error | null = null;
  private readonly server: StreamServer;
  private readonly sockets: Set<StreamSocket> = new Set();
  private arrived: ((stream: StreamSocket) => void) | null = null;
  private isBusy = false;

  /** @param at where to listen; iperf3's own port is 5201 @throws SysError EADDRINUSE, EADDRNOTAVAIL */
  constructor(sockets: AsyncSockets, at: SocketAddress) {
    this.server = new StreamServer(sockets, (socket) => this.take(socket)).listen(at);
  }

  /** Ends it, and what runs. */
  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private take(socket: StreamSocket): void {
    this.sockets.add(socket);
    socket.on("error", (error) => (this.failure = error));
    socket.on("close", () => this.sockets.delete(socket));
    if (this.arrived !== null) this.arrived(socket);
    else if (this.isBusy) socket.end(Uint8Array.of(STEP.accessDenied));
    else void this.test(socket);
  }

  private async test(control: StreamSocket): Promise<void> {
    this.isBusy = true;
    try {
      await this.steps(control);
    } catch (error) {
      this.failure = error as Error;
    } finally {
      this.arrived = null;
      this.isBusy = false;
      for (const socket of this.sockets) socket.destroy();
    }
  }

  /** @source esnet/iperf, src/iperf_server_api.c, iperf_run_server and iperf_handle_message_server */
  private async steps(control: StreamSocket): Promise<void> {
    const talk = new Iperf3Talk(control);
    const cookie = await talk.take(COOKIE_BYTES);
    talk.say(STEP.parameters);
    const parameters = (await talk.takeJson()) as Parameters;
    const { tcp = false, reverse = false, bidirectional = false } = parameters;
    if (!tcp || bidirectional) {
      talk.say(...NOT_IMPLEMENTED);
      throw new Error(
        "Cannot serve iperf3: it asks for UDP, SCTP or both ways at once -> try TCP, and -R for the other way",
      );
    }
    const streams = await this.streams(talk, parameters.parallel ?? 1, cookie);
    talk.say(STEP.testStart, STEP.testRunning);
    const began = { ms: performance.now(), cpu: process.cpuUsage() };
    const counts = streams.map((stream) => (reverse ? sendOn(stream, parameters.len) : receiveFrom(stream)));
    await talk.expect(STEP.testEnd);
    const seconds = (performance.now() - began.ms) / 1000;
    const streamBytes = counts.map((count) => count());
    for (const stream of streams) stream.destroy();
    talk.say(STEP.results);
    await talk.takeJson(); // the client's own
    talk.sayJson(results(streamBytes, seconds, process.cpuUsage(began.cpu)));
    talk.say(STEP.displayResults);
    await talk.expect(STEP.done);
    this.reports.push({ reverse, streamBytes, seconds });
  }

  /** Takes the test's connections in the order in which they come. */
  private async streams(talk: Iperf3Talk, count: number, cookie: Buffer): Promise<StreamSocket[]> {
    const streams: StreamSocket[] = [];
    const isComplete = new Promise<void>((done) => {
      this.arrived = (stream) => {
        if (streams.push(stream) === count) done();
      };
    });
    talk.say(STEP.createStreams);
    await Promise.race([isComplete, talk.left]);
    this.arrived = null;
    for (const stream of streams) {
      if (cookie.equals(await new Iperf3Talk(stream).take(COOKIE_BYTES))) continue;
      throw new Error(
        "Cannot serve iperf3: a connection shows another test's cookie -> run one client at a time",
      );
    }
    return streams;
  }
}

/** Counts what arrives. @returns How much it was so far. */
function receiveFrom(stream: StreamSocket): () => number {
  let bytes = 0;
  stream.on("data", (chunk: Buffer) => (bytes += chunk.length));
  return () => bytes;
}

/** Sends blocks without end. @returns How many bytes the stack has taken so far. */
function sendOn(stream: StreamSocket, blockBytes = 131_072): () => number {
  const block = new Uint8Array(Math.min(blockBytes, MAX_BLOCK_BYTES));
  new Readable({
    read() {
      this.push(block);
    },
  }).pipe(stream);
  return () => stream.bytesWritten;
}

/** @source esnet/iperf, src/iperf_api.c, send_results; the connections are numbered 1, 3, 4, ... by iperf_add_stream */
function results(streamBytes: readonly number[], seconds: number, cpu: NodeJS.CpuUsage): object {
  const percent = (us: number): number => us / (seconds * 1e4);
  return {
    cpu_util_total: percent(cpu.user + cpu.system),
    cpu_util_user: percent(cpu.user),
    cpu_util_system: percent(cpu.system),
    sender_has_retransmits: 0,
    streams: streamBytes.map((bytes, index) => ({
      id: index === 0 ? 1 : index + 2,
      bytes,
      retransmits: -1,
      jitter: 0,
      errors: 0,
      packets: 0,
      start_time: 0,
      end_time: seconds,
    })),
  };
}
