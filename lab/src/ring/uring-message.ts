// A multishot recvmsg has one message header for all messages to come, so the kernel cannot write each sender's address
// into it. It puts it into the buffer instead, in front of the payload: 16 bytes that say how long the parts are, then the
// room for the address, then the room for control data, then the payload.

const OUT_BYTES = 16;

/** Bytes of a `struct msghdr`. @source include/linux/socket.h, struct user_msghdr, v6.18 */
export const MESSAGE_HEADER_BYTES = 56;
const NAME_LENGTH_AT = 8;
const CONTROL_LENGTH_AT = 40;

/** Room that is kept in each buffer, in bytes. */
export interface MessageRoom {
  /** For the sender's address: 16 for IPv4, 28 for IPv6. */
  readonly nameBytes: number;
  /** For control messages; 0 where none is asked for. */
  readonly controlBytes: number;
}

/** Where the parts of one received message lie. */
export interface ReceivedMessage {
  /** Offset of the sender's `sockaddr`, and how much of it was written. */
  readonly nameAt: number;
  readonly nameBytes: number;
  readonly payloadAt: number;
  readonly payloadBytes: number;
  /** MSG_TRUNC and its like. */
  readonly flags: number;
}

/** Fills in the header that a multishot recvmsg reads its rooms from. @param header MESSAGE_HEADER_BYTES of zeroes */
export function writeMessageHeader(header: DataView, room: MessageRoom): void {
  header.setUint32(NAME_LENGTH_AT, room.nameBytes, true);
  header.setBigUint64(CONTROL_LENGTH_AT, BigInt(room.controlBytes), true);
}

/**
 * Finds the parts of a message in its buffer.
 *
 * @param bytes memory of all buffers
 * @param at where this buffer begins
 * @param lengthBytes the completion's result
 * @throws RangeError where the buffer is too short for what it says
 * @source include/uapi/linux/io_uring.h, struct io_uring_recvmsg_out, v6.18
 */
export function readMessage(
  bytes: DataView,
  at: number,
  lengthBytes: number,
  room: MessageRoom,
): ReceivedMessage {
  const front = OUT_BYTES + room.nameBytes + room.controlBytes;
  if (lengthBytes < front) {
    throw new RangeError(
      `Cannot read message at byte ${at}: it has ${lengthBytes} bytes and its header alone takes ${front} -> pass the rooms that the request was made with`,
    );
  }
  return {
    nameAt: at + OUT_BYTES,
    nameBytes: bytes.getUint32(at, true),
    payloadAt: at + front,
    payloadBytes: lengthBytes - front,
    flags: bytes.getUint32(at + 12, true),
  };
}
