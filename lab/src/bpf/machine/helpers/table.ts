// Which helpers the machine has, by number.
import { helperName, helperNumber } from "../../instruction/helper-names.js";
import { MachineError } from "../memory.js";
import type { Helper } from "./helper.js";
import { MAP_HELPERS } from "./map-helpers.js";
import { OTHER_HELPERS } from "./other-helpers.js";
import { PACKET_HELPERS } from "./packet-helpers.js";

const HELPERS: ReadonlyMap<number, Helper> = new Map(
  Object.entries({ ...MAP_HELPERS, ...PACKET_HELPERS, ...OTHER_HELPERS }).map(([name, helper]) => [
    helperNumber(name),
    helper,
  ]),
);

/** The helper of a number. @throws MachineError where the machine lacks it */
export function helperOf(number: number): Helper {
  const helper = HELPERS.get(number);
  if (helper !== undefined) return helper;
  throw new MachineError(
    `Cannot call ${helperName(number)}#${number}: the lab's machine has ${HELPERS.size} helpers and not this one -> run the program in the kernel, by runProgram`,
  );
}
