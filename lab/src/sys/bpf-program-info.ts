import { checked } from "./errno.js";
import { libbpf } from "./libbpf.js";

const infoCall = libbpf.declare(
  "int bpf_obj_get_info_by_fd(int fd, _Inout_ uint8_t *info, _Inout_ uint32_t *length)",
);

const INFO_BYTES = 232;
const RECURSION_MISSES_OFFSET = 208; // struct bpf_prog_info, field recursion_misses

/**
 * How many events a tracing program did not see because it was already running on that CPU.
 *
 * An interrupt in the middle of a run can raise the same event again; the kernel then skips the inner run and counts
 * it here. A count from a tracing program is exact only when this is 0.
 *
 * @param programFd a loaded program
 * @source bpf(2) BPF_OBJ_GET_INFO_BY_FD; kernel/trace/bpf_trace.c, `__bpf_trace_run`
 */
export function missedRuns(programFd: number): number {
  const info = new Uint8Array(INFO_BYTES);
  checked(infoCall(programFd, info, [INFO_BYTES]), "bpf", `read what program descriptor ${programFd} missed`);
  return Number(new DataView(info.buffer).getBigUint64(RECURSION_MISSES_OFFSET, true));
}
