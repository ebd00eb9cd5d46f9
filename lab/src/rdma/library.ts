// The calls of libibverbs that set things up; each of them goes through the kernel. What moves data is not among them: see `device.ts`.
// Functions that answer an `int` answer 0 or an error number; those that answer an address leave the number in errno.
import { lastErrno, type NativeFunction, type NativeLibrary, nativeLibrary, sysError } from "../sys/index.js";

const libibverbs: NativeLibrary = nativeLibrary("libibverbs.so.1", "run `sh vm/provision.sh vm`");
const declare = (prototype: string): NativeFunction => libibverbs.declare(prototype);

type VerbName =
  | "getDeviceList"
  | "freeDeviceList"
  | "getDeviceName"
  | "openDevice"
  | "closeDevice"
  | "queryGid"
  | "allocPd"
  | "deallocPd"
  | "regMr"
  | "deregMr"
  | "createCq"
  | "destroyCq"
  | "createQp"
  | "modifyQp"
  | "destroyQp";

/** @source the man pages of rdma-core, section 3, each by the call's name with `ibv_` before it */
export const verbs: Readonly<Record<VerbName, NativeFunction>> = {
  getDeviceList: declare("uintptr_t ibv_get_device_list(_Out_ int *count)"),
  freeDeviceList: declare("void ibv_free_device_list(uintptr_t list)"),
  getDeviceName: declare("const char *ibv_get_device_name(uintptr_t device)"),
  openDevice: declare("uintptr_t ibv_open_device(uintptr_t device)"),
  closeDevice: declare("int ibv_close_device(uintptr_t context)"),
  queryGid: declare("int ibv_query_gid(uintptr_t context, uint8_t port, int index, _Out_ uint8_t *gid)"),
  allocPd: declare("uintptr_t ibv_alloc_pd(uintptr_t context)"),
  deallocPd: declare("int ibv_dealloc_pd(uintptr_t pd)"),
  regMr: declare("uintptr_t ibv_reg_mr(uintptr_t pd, uintptr_t address, size_t length, int access)"),
  deregMr: declare("int ibv_dereg_mr(uintptr_t mr)"),
  createCq: declare(
    "uintptr_t ibv_create_cq(uintptr_t context, int entries, uintptr_t mine, uintptr_t channel, int vector)",
  ),
  destroyCq: declare("int ibv_destroy_cq(uintptr_t cq)"),
  createQp: declare("uintptr_t ibv_create_qp(uintptr_t pd, uintptr_t plan)"),
  modifyQp: declare("int ibv_modify_qp(uintptr_t qp, uintptr_t attributes, int mask)"),
  destroyQp: declare("int ibv_destroy_qp(uintptr_t qp)"),
};

/** Passes an address through. @throws SysError with errno where it is 0 */
export function made(address: number, call: string, action: string): number {
  if (address === 0) throw sysError(call, action, lastErrno());
  return address;
}

/** @throws SysError for an answer that is not 0 */
export function done(code: number, call: string, action: string): void {
  if (code !== 0) throw sysError(call, action, code < 0 ? lastErrno() : code);
}
