// The only door to pcap-parser, which reads classic microsecond captures. It is
// a stream parser for Node.js: it wants a stream of Buffers and tells each packet
// by an event. It keeps silent about a file that ends early, so every header it
// announces is judged here. It is loaded when first used, and not in a browser.

import type { Input } from "pcap-parser";
import type { Capture } from "./capture.js";
import { PcapCollector, type PcapHeader } from "./pcap.js";

/** Answers whether pcap-parser can run here: it needs Node.js's Buffer. */
export function canUsePcapParser(): boolean {
  return typeof Buffer !== "undefined";
}

/**
 * Reads a classic microsecond capture with pcap-parser.
 *
 * @param bytes the file
 * @param header what `readPcapHeader` found, microseconds
 * @throws CaptureError where the file cannot be read to its end
 */
export async function readPcapByParser(bytes: Uint8Array, header: PcapHeader): Promise<Capture> {
  const { parse } = (await import("pcap-parser")).default;
  const collector = new PcapCollector(bytes, header);
  return new Promise((resolve, reject) => {
    const parser = parse(new OneChunk(bytes, reject));
    parser.on("packetHeader", ({ capturedLength }) => collector.check(capturedLength));
    parser.on("packet", ({ header: { timestampSeconds, timestampMicroseconds, originalLength }, data }) => {
      const window = new Uint8Array(data.buffer, data.byteOffset, data.length);
      collector.add(timestampSeconds, timestampMicroseconds, window, originalLength);
    });
    parser.on("error", reject);
    parser.on("end", () => resolve(collector.finish()));
  });
}

/** A stream of one chunk. What a listener throws rejects the reading instead of ending the process. */
class OneChunk implements Input {
  readonly #chunk: Uint8Array;
  readonly #fail: (error: unknown) => void;
  readonly #listeners: Record<string, (value: never) => void> = {};

  constructor(bytes: Uint8Array, fail: (error: unknown) => void) {
    this.#chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#fail = fail;
  }

  on(event: string, listener: (value: never) => void): void {
    this.#listeners[event] = listener;
  }

  pause(): void {}

  resume(): void {
    try {
      this.#listeners.data(this.#chunk as never);
      this.#listeners.end(undefined as never);
    } catch (error) {
      this.#fail(error);
    }
  }
}
