// One function for every capture file. The first four bytes say which kind it
// is, and none of the kinds shares them with another.

import { readUint } from "../base/index.js";
import { type Capture, CaptureError } from "./capture.js";
import { readPcap, readPcapHeader } from "./pcap.js";
import { canUsePcapParser, readPcapByParser } from "./pcap-stream.js";
import { PCAPNG_BLOCK, readPcapng } from "./pcapng.js";

/**
 * Reads a capture file: pcap with micro- or nanoseconds, or pcapng, of either byte order.
 *
 * @param source the whole file, or a stream of its parts (Node.js's `createReadStream`, a fetch response's body)
 * @returns its packets, as windows on the file's bytes
 * @throws CaptureError where the file cannot be read to its end; its `readable` holds the packets before the fault
 */
export async function readCapture(source: Uint8Array | AsyncIterable<Uint8Array>): Promise<Capture> {
  const bytes = source instanceof Uint8Array ? source : await gather(source);
  if (bytes.length < 4)
    throw new CaptureError(0, `the file has ${bytes.length} bytes, too few to tell its kind`);
  if (readUint(bytes, 0, 4) === PCAPNG_BLOCK.section) return readPcapng(bytes);
  const header = readPcapHeader(bytes);
  return header.resolution === 1e6 && canUsePcapParser() ? readPcapByParser(bytes, header) : readPcap(bytes);
}

async function gather(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of parts) {
    chunks.push(chunk);
    length += chunk.length;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
