// From the bytes of a block to its packets: what a capture program does with every block that the kernel hands over.
import { BLOCK_STATUS } from "../../../ring/index.js";
import { type Exercise, type Scenario, scenario } from "../../types.js";
import { describeValue } from "../../values.js";
import { type BlockParser, packet, parse, refuse, setTable, type Table } from "./block-table.js";

const scenarios: Scenario<BlockParser>[] = [
  scenario<BlockParser, Table>({
    name: "one packet",
    given: "a block of 1024 bytes, ours, with a packet of 60 bytes",
    start: (mine) => setTable(mine, { packets: [packet(60, 1)] }),
    steps: [parse],
  }),
  scenario<BlockParser, Table>({
    name: "packets of different lengths",
    given: "a block with packets of 60, 101, 14 and 60 bytes",
    start: (mine) =>
      setTable(mine, { packets: [packet(60, 1), packet(101, 2), packet(14, 3), packet(60, 4)] }),
    steps: [parse],
  }),
  scenario<BlockParser, Table>({
    name: "another gap",
    given: "a kernel that leaves 82 bytes between a packet's header and its first byte",
    start: (mine) => setTable(mine, { packets: [packet(60, 1), packet(60, 2)], gapBytes: 82 }),
    steps: [parse],
  }),
  scenario<BlockParser, Table>({
    name: "cut off",
    given: "a block with a packet of 1514 bytes of which 96 were captured, and one of 60",
    start: (mine) => setTable(mine, { packets: [{ ...packet(96, 1), wireBytes: 1514 }, packet(60, 2)] }),
    steps: [parse],
  }),
  scenario<BlockParser, Table>({
    name: "not ours",
    given: "a block that the kernel is filling: two packets are in it so far",
    start: (mine) => setTable(mine, { packets: [packet(60, 1), packet(60, 2)], status: BLOCK_STATUS.kernel }),
    steps: [parse],
  }),
  scenario<BlockParser, Table>({
    name: "its time was over",
    given: "a block with one packet, handed over since its time was over: status 33",
    start: (mine) =>
      setTable(mine, { packets: [packet(60, 1)], status: BLOCK_STATUS.user | BLOCK_STATUS.timeout }),
    steps: [parse],
  }),
  scenario<BlockParser, Table>({
    name: "a liar",
    given: "a block of 1024 bytes whose first packet says that it is 5000 bytes long",
    start: (mine) => setTable(mine, { packets: [packet(60, 1)] }, (block) => block.setUint32(60, 5000, true)),
    steps: [refuse],
  }),
];

/** Notebook 32: `check("32-packet-mmap/parse-a-block", parseBlock)`. */
export const parseABlock: Exercise<BlockParser> = {
  id: "32-packet-mmap/parse-a-block",
  title: "Parse a block",
  points: 4,
  starterSteps: 1,
  needs: [],
  refuses: (mine) =>
    typeof mine === "function"
      ? null
      : `parse-a-block: expected a function parseBlock(block), your code handed in ${describeValue(mine)}`,
  hints: [
    "the block says at byte 8 whose it is (bit 0: ours), at byte 12 how many packets it holds, at byte 16 where the first packet's header is.",
    "each packet's header says at byte 0 how far the next header is from this one, at byte 12 how many bytes were captured, at byte 24 (16 bits) how far the packet is from its header.",
    "walk: start at the first header; for each packet push its place and length, having compared its end with the block's; then go on by what byte 0 of the header says.",
  ],
  wrongAnswers: [
    {
      name: "does not ask whose block it is",
      hint: "while bit 0 of the status is 0 the kernel is still writing: what is in the block changes under you. Look at that bit first.",
    },
    {
      name: "looks right behind the header",
      hint: "between a packet's header and its first byte the kernel leaves room, and how much is its business. Byte 24 of the packet's header says where the Ethernet header begins.",
    },
    {
      name: "steps by the packet's length",
      hint: "packets are padded, so that each header begins at a multiple of 8. Do not compute where the next one is: byte 0 of the header says how far it is.",
    },
    {
      name: "takes the length on the wire",
      hint: "a packet has two lengths: what it had on the wire (byte 16) and what of it was captured (byte 12). Only the captured bytes are there.",
    },
    {
      name: "believes a block that lies",
      hint: "compare before you believe: a packet that would end behind its block is an error to throw, whoever wrote it. In C this is where the next security hole would be.",
    },
  ],
  scenarios,
};
