// Exercises of notebook 32-packet-mmap.
import type { Exercise } from "../types.js";
import { parseABlock } from "./32-packet-mmap/parse-a-block.js";

/** In the order of the notebook. */
export const packetMmapExercises: readonly Exercise<never>[] = [parseABlock];
export type { BlockParser, ParsedPacket } from "./32-packet-mmap/block-table.js";
export { parseABlock };
