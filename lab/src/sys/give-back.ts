// Gives back what a thread had when it was ended. The order is that of closing by hand, the newest first: a socket before the
// program that leads to it.
import { HOLDING, type Holding, readHoldings } from "./holdings.js";
import { libbpf } from "./libbpf.js";
import { libc } from "./library.js";

const call = {
  close: libc.declare("int close(int fd)"),
  munmap: libc.declare("int munmap(uintptr_t addr, size_t length)"),
  closeObject: libbpf.declare("void bpf_object__close(uintptr_t object)"),
  destroyLink: libbpf.declare("int bpf_link__destroy(uintptr_t link)"),
};

/**
 * Gives back all that a list names.
 *
 * @param memory the list of a thread that has ended: what a living one holds must not be taken from it
 * @returns How many things it was.
 */
export function giveBack(memory: SharedArrayBuffer): number {
  const all = readHoldings(memory);
  new Float64Array(memory).fill(0);
  for (const holding of all.reverse()) giveBackOne(holding);
  return all.length;
}

function giveBackOne({ kind, value, lengthBytes }: Holding): void {
  if (kind === HOLDING.descriptor) call.close(value);
  else if (kind === HOLDING.mapping) call.munmap(value, lengthBytes);
  else if (kind === HOLDING.bpfObject) call.closeObject(value);
  else if (kind === HOLDING.bpfLink) call.destroyLink(value);
}
