// What a program can ask of the kernel through an io_uring. A request is a form with ten fields; which of them count, the
// operation decides. Fill in a form once and write it into as many slots as you like: `write` copies it, and only the
// tag, by which its completion is recognised, differs from slot to slot.

/**
 * One request.
 * @source include/uapi/linux/io_uring.h, struct io_uring_sqe, v6.18
 */
export interface UringRequest {
  /** What to do, one of `OPERATION`. */
  opcode: number;
  /** `REQUEST_FLAG` bits. */
  flags: number;
  /** The operation's own switches, such as "go on receiving"; the kernel calls the field `ioprio`. */
  mode: number;
  /** The descriptor, or its number among the registered files. */
  fd: number;
  /** Byte offset in a file; 2^64 - 1, "where the file stands", is what -1 writes. */
  offset: number;
  /** Address of the data in this process. */
  addr: number;
  lengthBytes: number;
  /** Flags as the system call of the same name takes them, e.g. MSG_DONTWAIT. */
  callFlags: number;
  /** Number of the registered buffer, or of the group of provided buffers. */
  buffer: number;
}

/** Operations. @source include/uapi/linux/io_uring.h, enum io_uring_op, v6.18 */
export const OPERATION = {
  nop: 0,
  readFixed: 4,
  writeFixed: 5,
  recvmsg: 10,
  accept: 13,
  cancel: 14,
  read: 22,
  write: 23,
  send: 26,
  recv: 27,
} as const;

/** Bits of a request's `flags`. @source include/uapi/linux/io_uring.h, IOSQE_*, v6.18 */
export const REQUEST_FLAG = {
  /** `fd` is a number among the registered files. */
  registeredFile: 1,
  /** The next request starts when this one has succeeded. */
  link: 4,
  /** The kernel takes a buffer of group `buffer` when data are there, and says which. */
  selectBuffer: 32,
} as const;

/** `mode` of a receive or an accept: one request, a completion for each packet or connection. */
const RECEIVE_MULTISHOT = 2;
const ACCEPT_MULTISHOT = 1;

const EMPTY: UringRequest = {
  opcode: 0,
  flags: 0,
  mode: 0,
  fd: -1,
  offset: 0,
  addr: 0,
  lengthBytes: 0,
  callFlags: 0,
  buffer: 0,
};

/** Asks for nothing, and gets a completion: the price of the rings alone. */
export function nop(): UringRequest {
  return { ...EMPTY };
}

/** Receives one message into memory of ours. @source io_uring_prep_recv(3) */
export function recv(fd: number, addr: number, lengthBytes: number): UringRequest {
  return { ...EMPTY, opcode: OPERATION.recv, fd, addr, lengthBytes };
}

/**
 * Receives again and again: each message takes a buffer of the group and makes a completion of its own, until one comes
 * without `MORE`: then an error, or no buffer being left (ENOBUFS), has ended it, and it must be submitted again.
 *
 * @param group of `Uring.provideBuffers`
 * @source io_uring_prep_recv_multishot(3)
 */
export function recvMultishot(fd: number, group: number): UringRequest {
  return {
    ...EMPTY,
    opcode: OPERATION.recv,
    flags: REQUEST_FLAG.selectBuffer,
    mode: RECEIVE_MULTISHOT,
    fd,
    buffer: group,
  };
}

/**
 * The same with the sender's address in front of each message; see `readMessage`.
 *
 * @param header address of a `struct msghdr` that `writeMessageHeader` filled in; it must stay there
 * @source io_uring_prep_recvmsg_multishot(3)
 */
export function recvmsgMultishot(fd: number, header: number, group: number): UringRequest {
  return { ...recvMultishot(fd, group), opcode: OPERATION.recvmsg, addr: header, lengthBytes: 1 };
}

/** Sends from memory of ours. @source io_uring_prep_send(3) */
export function send(fd: number, addr: number, lengthBytes: number): UringRequest {
  return { ...EMPTY, opcode: OPERATION.send, fd, addr, lengthBytes };
}

/** Accepts connection after connection: each completion's result is a new descriptor. @source io_uring_prep_multishot_accept(3) */
export function acceptMultishot(fd: number): UringRequest {
  return { ...EMPTY, opcode: OPERATION.accept, mode: ACCEPT_MULTISHOT, fd };
}

/** Reads a file where it stands, or at `offset`. @source io_uring_prep_read(3) */
export function read(fd: number, addr: number, lengthBytes: number, offset = -1): UringRequest {
  return { ...EMPTY, opcode: OPERATION.read, fd, addr, lengthBytes, offset };
}

/** Writes to a file where it stands, or at `offset`. @source io_uring_prep_write(3) */
export function write(fd: number, addr: number, lengthBytes: number, offset = -1): UringRequest {
  return { ...EMPTY, opcode: OPERATION.write, fd, addr, lengthBytes, offset };
}

/**
 * The same request on registered memory, whose pages the kernel has at hand already.
 *
 * @param request of `read` or `write`, whose address lies in that memory
 * @param buffer its number among the registered buffers
 * @source io_uring_prep_read_fixed(3)
 */
export function onRegisteredBuffer(request: UringRequest, buffer: number): UringRequest {
  const opcode = request.opcode === OPERATION.read ? OPERATION.readFixed : OPERATION.writeFixed;
  return { ...request, opcode, buffer };
}

/** The same request on a registered file, which the kernel need not look up. @param slot its number among the registered files */
export function onRegisteredFile(request: UringRequest, slot: number): UringRequest {
  return { ...request, fd: slot, flags: request.flags | REQUEST_FLAG.registeredFile };
}

/** Ends a request that is under way; it completes with ECANCELED. @param tag of that request @source io_uring_prep_cancel(3) */
export function cancel(tag: number): UringRequest {
  return { ...EMPTY, opcode: OPERATION.cancel, addr: tag };
}
