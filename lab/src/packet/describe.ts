// What would a person say about this frame? We walk it header by header, as a
// network stack does, and note each field with its place, so that a picture can
// show every byte and a reader can find it. Broken frames are described as far
// as they go: the walk never throws, it says what is wrong.

import { dissectEthernet } from "./dissect-network.js";
import { FieldError } from "./field-error.js";
import { type FrameField, type FrameLayer, FrameWalk } from "./frame-walk.js";

/** Everything that `describeFrame` can say about a frame. */
export interface FrameDescription {
  layers: FrameLayer[];
  /** In frame order; together they cover every byte of the frame. */
  fields: FrameField[];
  /** What is wrong with the frame, a sentence each; empty for a sound one. */
  problems: string[];
  /** All of the above for reading, a line for each layer and problem. */
  text: string;
}

/**
 * Describes an Ethernet frame layer by layer, with every field and its place.
 *
 * @param bytes the frame from its destination address on, of any length, sound or not
 * @returns layers, fields, problems, and the whole as text; a broken frame is described, not refused
 */
export function describeFrame(bytes: Uint8Array): FrameDescription {
  const walk = new FrameWalk(bytes);
  try {
    dissectEthernet(walk);
  } catch (error) {
    if (!(error instanceof FieldError)) throw error;
    walk.problems.push(error.problem);
    walk.rest("cut", "a header that cannot be read");
  }
  const { layers, fields, problems } = walk;
  const row = (left: string, middle: string, right: string): string =>
    `${left.padStart(5)}  ${middle.padEnd(9)} ${right}`;
  const text = [
    row("byte", "layer", `frame of ${bytes.length} bytes`),
    ...layers.map((layer) => row(String(layer.offset), layer.name, layer.text)),
    ...problems.map((problem) => row("", "problem", problem)),
  ].join("\n");
  return { layers, fields, problems, text };
}
