// The course's captures, found wherever the notebook runs from.
import { readFile } from "node:fs/promises";
import { readCapture } from "../packet/index.js";

const CAPTURES: URL = new URL("../../../datasets/captures/", import.meta.url);

/**
 * Reads one of the course's captures as packets, ready for `runOnCapture`.
 *
 * @param name of its file, e.g. `course-mix.pcap`; datasets/README.md lists them
 * @throws Error ENOENT where there is none of that name; CaptureError where it cannot be read
 */
export async function courseCapture(name: string): Promise<Uint8Array[]> {
  const { packets } = await readCapture(await readFile(new URL(name, CAPTURES)));
  return packets.map(({ bytes }) => bytes);
}
