// How iperf3 talks: so many bytes, a byte for a step, or JSON behind its length in 4 bytes, the highest first.

import { once } from "node:events";
import type { Duplex } from "node:stream";

/** The steps of a test. @source esnet/iperf, src/iperf_api.h, "states" */
export const STEP = {
  testStart: 1,
  testRunning: 2,
  testEnd: 4,
  parameters: 9,
  createStreams: 10,
  results: 13,
  displayResults: 14,
  done: 16,
  accessDenied: 0xff,
} as const;

/** IEUNIMP, "not implemented yet", and no errno behind it. @source esnet/iperf, src/iperf_api.h, SERVER_ERROR; src/iperf_client_api.c */
export const NOT_IMPLEMENTED: Uint8Array = Uint8Array.of(0xfe, 0, 0, 0, 13, 0, 0, 0, 0);

/** Longest JSON that is taken: a client's results are some hundred bytes for each connection. */
const MAX_JSON_BYTES = 1 << 20;

/** One end of a talk. */
export class Iperf3Talk {
  /** Rejects when the other side ends. */
  readonly left: Promise<never>;
  private readonly socket: Duplex;

  constructor(socket: Duplex) {
    this.socket = socket;
    this.left = Promise.race([once(socket, "end"), once(socket, "close")]).then(() => {
      throw new Error("Cannot serve iperf3: the client left in the middle of the test -> see what it says");
    });
    this.left.catch(() => {}); // nobody may be waiting just then
  }

  /** Waits for so many bytes. @throws Error where the other side ends before */
  async take(length: number): Promise<Buffer> {
    for (;;) {
      const bytes = this.socket.read(length) as Buffer | null;
      if (bytes?.length === length) return bytes;
      await Promise.race([once(this.socket, "readable"), this.left]);
    }
  }

  /** @throws Error where another step comes */
  async expect(step: number): Promise<void> {
    const found = (await this.take(1))[0];
    if (found !== step) {
      throw new Error(
        `Cannot serve iperf3: step ${found} came where ${step} was due -> see what the client says`,
      );
    }
  }

  async takeJson(): Promise<unknown> {
    const length = (await this.take(4)).readUInt32BE();
    if (length > MAX_JSON_BYTES) {
      throw new Error(
        `Cannot serve iperf3: it announces ${length} bytes of JSON; the limit is ${MAX_JSON_BYTES} -> try fewer connections`,
      );
    }
    return JSON.parse((await this.take(length)).toString());
  }

  say(...steps: number[]): void {
    this.socket.write(Uint8Array.from(steps));
  }

  sayJson(value: object): void {
    const text = Buffer.from(JSON.stringify(value));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    this.socket.write(Buffer.concat([length, text]));
  }
}
