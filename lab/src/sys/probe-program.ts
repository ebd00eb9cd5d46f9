// The smallest BPF program there is: return 0. Whether the kernel takes it says whether it takes that kind.
import { sysError } from "./errno.js";
import { libbpf, silenceLibbpf } from "./libbpf.js";
import { mapAnonymous, unmap } from "./memory.js";

const loadCall = libbpf.declare(
  "int bpf_prog_load(int type, const char *name, const char *license, const uint8_t *code, size_t count, uintptr_t options)",
);
const findCall = libbpf.declare("int libbpf_find_vmlinux_btf_id(const char *name, int attachType)");
const openRawCall = libbpf.declare("int bpf_raw_tracepoint_open(const char *name, int programFd)");

/** `enum bpf_prog_type` */
export const PROGRAM_TYPE = { xdp: 6, tracing: 26 } as const;
/** `enum bpf_attach_type`, of tracing programs */
export const ATTACH_TYPE = { tpBtf: 23, fentry: 24 } as const;

const OPTIONS_BYTES = 80; // struct bpf_prog_load_opts
// r0 = 0; exit
const RETURN_0 = Uint8Array.of(0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0);

/** Loads it. @param target for tracing programs, where it would attach @returns The program's descriptor. @throws SysError as the kernel refuses. */
export function loadTinyProgram(type: number, target?: { attachType: number; name: string }): number {
  silenceLibbpf();
  const options = mapAnonymous(OPTIONS_BYTES);
  try {
    const view = new DataView(options.buffer);
    view.setBigUint64(0, BigInt(OPTIONS_BYTES), true);
    if (target) {
      view.setUint32(12, target.attachType, true);
      view.setUint32(32, kernelTypeId(target.name, target.attachType), true);
    }
    const fd = loadCall(type, "ringside_probe", "GPL", RETURN_0, 2, options.address) as number;
    if (fd < 0)
      throw sysError("bpf", `load a program of type ${type}${target ? ` for ${target.name}` : ""}`, -fd);
    return fd;
  } finally {
    unmap(options);
  }
}

function kernelTypeId(name: string, attachType: number): number {
  const id = findCall(name, attachType) as number;
  if (id < 0) throw sysError("libbpf_find_vmlinux_btf_id", `find ${name} in the kernel's BTF`, -id);
  return id;
}

/** Attaches a tracing program where it was loaded for. @returns The link's descriptor; closing it detaches. */
export function attachTinyProgram(program: number, name: string): number {
  const fd = openRawCall(null, program) as number;
  if (fd < 0) throw sysError("bpf", `attach to ${name}`, -fd);
  return fd;
}
