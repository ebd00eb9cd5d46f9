// IPv4 and TCP write their options alike: kind 0 ends the list, kind 1 fills a
// byte, and any other kind is followed by a length that counts kind and length
// too. A length of 0 or 1 would make a careless reader go round for ever.

import { DROP_IT, FieldError } from "./field-error.js";

/** Where one option lies. */
export interface OptionPlace {
  kind: number;
  /** Byte offset of the kind in the frame. */
  offset: number;
  /** Bytes of the whole option, kind and length included. */
  length: number;
}

/** Kind that ends the list. */
export const OPTION_END = 0;
/** Kind that fills one byte. */
export const OPTION_NOP = 1;

/**
 * Finds the options between two offsets, up to the end-of-list option, which is not reported.
 *
 * @param bytes the frame
 * @param start byte offset of the first option
 * @param end byte offset after the options
 * @param layer protocol to name in errors, e.g. `tcp`
 * @throws FieldError where an option's length is below 2 or leads behind `end`
 * @source RFC 791 section 3.1; RFC 9293 section 3.1
 */
export function walkOptions(bytes: Uint8Array, start: number, end: number, layer: string): OptionPlace[] {
  const places: OptionPlace[] = [];
  for (let offset = start; offset < end && bytes[offset] !== OPTION_END; ) {
    const kind = bytes[offset];
    const length = kind === OPTION_NOP ? 1 : offset + 1 < end ? bytes[offset + 1] : 0;
    if (kind !== OPTION_NOP && (length < 2 || offset + length > end)) {
      const cause = `option ${kind} says ${length} bytes; 2 to ${end - offset} are possible`;
      throw new FieldError(`${layer}.options`, offset, cause, DROP_IT);
    }
    places.push({ kind, offset, length });
    offset += length;
  }
  return places;
}
