// The three calls that move data. They are no functions of libibverbs: in C they are a line of its header each, which jumps through a pointer
// that the device's driver left in the open device. The driver here is librxe, in user space; what it does next is its own affair.
import { functionAt, type NativeFunction, viewMemory } from "../sys/index.js";
import { CONTEXT } from "./layout.js";

/** @source infiniband/verbs.h, ibv_post_send, ibv_post_recv, ibv_poll_cq */
export interface DataPath {
  readonly postSend: NativeFunction;
  readonly postReceive: NativeFunction;
  readonly poll: NativeFunction;
}

/** Reads the pointers of an open device. */
export function dataPathOf(context: number): DataPath {
  const view = new DataView(viewMemory(context, CONTEXT.bytes));
  const at = (field: keyof typeof CONTEXT.fields): number =>
    Number(view.getBigUint64(CONTEXT.fields[field], true));
  return {
    postSend: functionAt(at("ops.post_send"), "int (uintptr_t qp, uintptr_t requests, uintptr_t bad)"),
    postReceive: functionAt(at("ops.post_recv"), "int (uintptr_t qp, uintptr_t requests, uintptr_t bad)"),
    poll: functionAt(at("ops.poll_cq"), "int (uintptr_t cq, int entries, uintptr_t completions)"),
  };
}
