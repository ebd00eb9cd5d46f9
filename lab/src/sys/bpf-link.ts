import { sysError } from "./errno.js";
import { HOLDING, hold, holdDescriptor, letGo } from "./holdings.js";
import { libbpf } from "./libbpf.js";
import { mapAnonymous, unmap } from "./memory.js";
import { close } from "./socket.js";

const linkCreate = libbpf.declare(
  "int bpf_link_create(int programFd, int targetFd, int attachType, uintptr_t options)",
);
const attachProgram = libbpf.declare("uintptr_t bpf_program__attach(uintptr_t program)");
const destroyLink = libbpf.declare("int bpf_link__destroy(uintptr_t link)");

const BPF_XDP = 37;
const OPTIONS_BYTES = 64;

/** Where XDP runs: in the driver before an skb exists (`native`), or in the stack after one was made (`generic`). */
export type XdpMode = "native" | "generic";

const XDP_FLAGS: Readonly<Record<XdpMode, number>> = { native: 1 << 2, generic: 1 << 1 };

/** An attachment. It lives as long as its descriptor, so a dead process leaves no program behind. */
export interface BpfLink {
  /** Detaches. A second call does nothing. */
  close(): void;
}

/**
 * Attaches an XDP program to an interface of the calling thread's namespace.
 *
 * @param programFd a loaded program of type xdp
 * @param ifindex interface index
 * @param mode `native` fails with EOPNOTSUPP where the driver cannot; it never falls back silently
 * @throws SysError EBUSY when another program is attached.
 * @source bpf(2) BPF_LINK_CREATE
 */
export function attachXdpLink(programFd: number, ifindex: number, mode: XdpMode): BpfLink {
  const options = mapAnonymous(OPTIONS_BYTES);
  const view = new DataView(options.buffer);
  view.setBigUint64(0, BigInt(OPTIONS_BYTES), true);
  view.setUint32(8, XDP_FLAGS[mode], true);
  const fd = linkCreate(programFd, ifindex, BPF_XDP, options.address) as number;
  unmap(options);
  if (fd < 0) throw sysError("bpf", `attach XDP (${mode}) to interface ${ifindex}`, -fd);
  holdDescriptor(fd);
  return closingOnce(() => close(fd));
}

/** Attaches a tracing program where its section name says. @param program libbpf's `struct bpf_program *` @throws SysError EPERM where this kernel forbids that attach point. */
export function attachTracingLink(program: number, name: string): BpfLink {
  const link = attachProgram(program) as number;
  if (link === 0) throw sysError("bpf", `attach ${name}`);
  hold(HOLDING.bpfLink, link);
  return closingOnce(() => {
    letGo(HOLDING.bpfLink, link);
    destroyLink(link);
  });
}

function closingOnce(close: () => void): BpfLink {
  let open = true;
  return {
    close(): void {
      if (open) close();
      open = false;
    },
  };
}
