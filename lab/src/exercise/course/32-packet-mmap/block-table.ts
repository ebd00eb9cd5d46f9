// Blocks to parse, each with what is in it. They are written as Linux writes them, and one is a liar.
import {
  BLOCK_STATUS,
  type BlockPacket,
  type BlockToWrite,
  PACKET_HEADER_BYTES,
  readBlock,
  writeBlock,
} from "../../../ring/index.js";
import { mismatch, type Outcome, type Step, saw } from "../../types.js";
import { describeAnswer, describeThrown } from "../../values.js";

/** Finds the packets of one block. */
export type BlockParser = (block: Uint8Array) => readonly ParsedPacket[];

/** Where a packet begins in its block, and how much of it is there. */
export interface ParsedPacket {
  readonly at: number;
  readonly lengthBytes: number;
}

export interface Table {
  readonly mine: BlockParser;
  readonly block: Uint8Array;
  readonly packets: readonly BlockPacket[];
}

const BLOCK_BYTES = 1024;
/** Where a block lies in the ring: none of it is at byte 0. */
const BEFORE_BYTES = 256;

/** Puts a block on the table, in the middle of other memory. */
export function setTable(mine: BlockParser, spec: BlockToWrite, lie?: (block: DataView) => void): Table {
  const written = writeBlock(BLOCK_BYTES, spec);
  const packets = readBlock(written);
  const memory = new Uint8Array(BEFORE_BYTES + BLOCK_BYTES).fill(0xee);
  memory.set(written, BEFORE_BYTES);
  const block = memory.subarray(BEFORE_BYTES);
  lie?.(new DataView(memory.buffer, BEFORE_BYTES));
  return { mine, block, packets };
}

/** A packet of so many bytes, all of one value. */
export function packet(lengthBytes: number, value: number): { bytes: Uint8Array } {
  return { bytes: new Uint8Array(lengthBytes).fill(value) };
}

/** Calls the parser and compares each packet. */
export const parse: Step<Table> = {
  action: "parse the block",
  play: (table) => {
    let answer: unknown;
    try {
      answer = table.mine(table.block);
    } catch (thrown) {
      return mismatch("no error: nothing in it lies", `threw ${describeThrown(thrown)}`, whyRefused(table));
    }
    if (!Array.isArray(answer)) return mismatch("a list of packets", `returned ${describeAnswer(answer)}`);
    const { packets } = table;
    for (const [i, wanted] of packets.entries()) {
      const fault = judgePacket(table, i, wanted, answer[i]);
      if (fault !== null) return fault;
    }
    if (answer.length === packets.length) return saw(`${answer.length} packets`);
    const isTheKernels = ((table.block[8] ?? 0) & BLOCK_STATUS.user) === 0;
    const diagnosis = isTheKernels ? "does not ask whose block it is" : undefined;
    return mismatch(`${packets.length} packets`, `returned ${answer.length}`, diagnosis);
  },
};

/** Why a parser that reads a block of one packet most likely refuses this one. */
function whyRefused({ packets }: Table): string | undefined {
  if (packets.some(({ lengthBytes, wireBytes }) => lengthBytes !== wireBytes))
    return "takes the length on the wire";
  return packets.length > 1 ? "steps by the packet's length" : undefined;
}

function judgePacket(
  { packets }: Table,
  i: number,
  wanted: BlockPacket,
  got: ParsedPacket | undefined,
): Outcome | null {
  const { at, lengthBytes, wireBytes } = wanted;
  const expected = `packet ${i + 1} at byte ${at}, ${lengthBytes} bytes long`;
  if (got === undefined) return mismatch(expected, `returned ${i} packets`);
  if (got.at === at && got.lengthBytes === lengthBytes) return null;
  const said = `said byte ${got.at}, ${got.lengthBytes} bytes`;
  if (got.at === at && got.lengthBytes === wireBytes) {
    return mismatch(expected, said, "takes the length on the wire");
  }
  const header = at - (packets[0]!.at - 48);
  if (got.at === header + PACKET_HEADER_BYTES)
    return mismatch(expected, said, "looks right behind the header");
  return mismatch(expected, said, i > 0 ? "steps by the packet's length" : undefined);
}

/** Calls the parser on a block that says what cannot be. */
export const refuse: Step<Table> = {
  action: "parse a block that lies",
  play: ({ mine, block }) => {
    let answer: unknown;
    try {
      answer = mine(block);
    } catch (thrown) {
      return saw(`it threw ${describeThrown(thrown)}`);
    }
    return mismatch("an error", `returned ${describeAnswer(answer)}`, "believes a block that lies");
  },
};
