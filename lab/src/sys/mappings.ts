// What one owner has mapped, remembered so that it can be given back whatever fails.
import { type Mapping, mapAnonymous, mapShared, unmapUnderViews } from "./memory.js";

/** The mappings of one ring or socket. */
export class Mappings {
  private readonly all: Mapping[] = [];

  /** Maps fresh memory with a fixed address: buffers, and structures that system calls read. See `mapAnonymous`. */
  anonymous(lengthBytes: number): Mapping {
    return this.keep(mapAnonymous(lengthBytes));
  }

  /** Maps what a descriptor offers. See `mapShared`. */
  shared(fd: number, lengthBytes: number, offset: number): Mapping {
    return this.keep(mapShared(fd, lengthBytes, offset));
  }

  /** Gives everything back. Views that somebody still holds read zeroes from now on. */
  release(): void {
    for (const mapping of this.all.splice(0)) unmapUnderViews(mapping);
  }

  private keep(mapping: Mapping): Mapping {
    this.all.push(mapping);
    return mapping;
  }
}
