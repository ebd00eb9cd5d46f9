/**
 * ring: how two sides hand packets to each other without a lock, a copy or a system call.
 * Read `memory.ts` first, then `producer.ts` and `consumer.ts`, then `umem.ts` and `ownership.ts`; notebooks 31-rings-from-scratch and 33-af-xdp use it.
 * The same classes run on model memory (`allocateRing`), on mapped AF_XDP memory (`viewRing`) and on an io_uring's. A
 * PACKET_MMAP ring has no cursors, its slots say themselves whose they are: `packet-blocks.ts`, `packet-frames.ts`; notebook 32.
 * It leaves out how such memory is mapped (`sys`, `xdp`), several producers on one ring, and unaligned umem chunks.
 */
export { AddrConsumer, AddrProducer } from "./addr-ring.js";
export { Consumer } from "./consumer.js";
export { type Descriptor, DescriptorConsumer, DescriptorProducer } from "./descriptor-ring.js";
export { FramePool } from "./frame-pool.js";
export {
  allocateRing,
  MODEL_OFFSETS,
  NEED_WAKEUP_FLAG,
  type RingMemory,
  type RingOffsets,
  ringBytes,
  SLOT_BYTES,
  type SlotKind,
  viewRing,
} from "./memory.js";
export { ModelKernel, type ReceiveOutcome, TX_BATCH } from "./model-kernel.js";
export { ModelSocket, type ModelSocketSpec } from "./model-socket.js";
export { NetmapPort } from "./netmap-port.js";
export { NetmapRing, NS_BUF_CHANGED } from "./netmap-ring.js";
export {
  FRAME_OWNERS,
  type FrameOwner,
  type FrameState,
  type OwnershipLedger,
  takeLedger,
} from "./ownership.js";
export {
  type BlockPacket,
  type BlockSnapshot,
  type BlockToWrite,
  readBlock,
  snapshotBlocks,
  type WrittenPacket,
  writeBlock,
} from "./packet-block.js";
export {
  BLOCK_HEADER_BYTES,
  BLOCK_STATUS,
  BlockConsumer,
  type BlockSpec,
  PACKET_HEADER_BYTES,
} from "./packet-blocks.js";
export { FRAME_DATA_BYTES, FRAME_STATUS, FrameProducer, type FrameRingSpec } from "./packet-frames.js";
export { Producer } from "./producer.js";
export { Ring } from "./ring.js";
export type { RingSocket, XskStatistics } from "./rings.js";
export {
  queuedAddrs,
  type RingSnapshot,
  type SlotSnapshot,
  type SlotState,
  snapshotProducer,
  snapshotRing,
} from "./snapshot.js";
export { Umem, type UmemSpec, XDP_PACKET_HEADROOM } from "./umem.js";
export { BufferProducer, type BufferSpec } from "./uring-buffers.js";
export { COMPLETION_FLAG, type Completion, CompletionConsumer } from "./uring-completion.js";
export {
  MESSAGE_HEADER_BYTES,
  type MessageRoom,
  type ReceivedMessage,
  readMessage,
  writeMessageHeader,
} from "./uring-message.js";
export type { UringRequest } from "./uring-request.js";
export * as requests from "./uring-request.js";
export { SubmissionProducer } from "./uring-submission.js";
