// What a header that cannot be read or written answers: which field, where it lies, why not, and what to do. Frames come from
// anywhere, so this is an everyday answer, and a reader of broken frames catches it.

/** A header field lies outside the bytes we hold, or says something that cannot be. */
export class FieldError extends RangeError {
  override readonly name: string = "FieldError";
  /** Name of the field, e.g. `udp.length`. */
  readonly field: string;
  /** Where it lies, or would lie, in the frame. */
  readonly byte: number;
  /** What is wrong, without what to do about it: for a description of the frame, which nobody can mend. */
  readonly problem: string;

  constructor(field: string, byte: number, cause: string, next: string, action: "read" | "write" = "read") {
    const problem = `Cannot ${action} field ${field} at byte ${byte}: ${cause}`;
    super(`${problem} -> ${next}`);
    this.field = field;
    this.byte = byte;
    this.problem = problem;
  }
}

/** What to do where a frame ends before a header does. */
export const COMPARE_LENGTH = "compare with frame.length first";
/** What to do about a header that says what cannot be. */
export const DROP_IT = "drop the packet, or say at which byte this header begins";
/** What to do where a header is to be written and finds no room. */
export const LONGER_FRAME = "give it a longer frame";
/** What to do where another protocol's header was taken for this one. */
export const LOOK_AT_TYPE = "look at the Ethernet type first: 0x0800 is IPv4, 0x86dd is IPv6";
