/**
 * base: what everything else stands on: the units people read and the errors they meet.
 * Read `units.ts` first; notebook 02-packet-budgets uses it. It leaves out anything about packets or the machine.
 */
export { ByteCursor, type ByteOrder, readUint, writeUint } from "./bytes.js";
export { NotSupportedError, restoreClass, SysError, VerifierError } from "./errors.js";
export {
  ETHERNET_OVERHEAD_BYTES,
  formatCount,
  formatPps,
  MAX_FRAME_BYTES,
  wireTimeNs,
} from "./units.js";
