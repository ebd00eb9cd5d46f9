// An io_uring with a multishot receive under way, and the loop that takes its packets: the C twin of
// lab/src/paths/uring-queue.ts, over the same rings. Where the receive has ended, JavaScript submits it again.
#ifndef RINGSIDE_URING_RINGS_H
#define RINGSIDE_URING_RINGS_H

#include "sink.h"
#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <unistd.h>

// One u64 each, as the TypeScript side passes them.
struct lab_uring {
  uint64_t needs_arming;
  uint64_t fd;
  uint32_t *completions_head;
  uint32_t *completions_tail;
  struct io_uring_cqe *completions;
  uint64_t completions_mask;
  struct io_uring_buf_ring *buffers;
  uint64_t buffers_mask;
  uint8_t *memory;
  uint64_t buffer_bytes;
};

#define LAB_MS_NS 1000000

// Gives what waits to the tally, at most a batch. Returns how many completions.
static inline uint32_t lab_uring_take(struct lab_uring *uring, uint32_t batch, struct lab_tally *tally) {
  uint32_t head = *uring->completions_head;
  uint32_t ready = __atomic_load_n(uring->completions_tail, __ATOMIC_ACQUIRE) - head;
  uint16_t tail = uring->buffers->tail;
  if (ready > batch)
    ready = batch;
  for (uint32_t i = 0; i < ready; i++) {
    const struct io_uring_cqe *answer = &uring->completions[(head + i) & uring->completions_mask];
    if (!(answer->flags & IORING_CQE_F_MORE))
      uring->needs_arming = 1;
    if (!(answer->flags & IORING_CQE_F_BUFFER))
      continue;
    uint16_t id = (uint16_t)(answer->flags >> IORING_CQE_BUFFER_SHIFT);
    uint8_t *packet = uring->memory + id * uring->buffer_bytes;
    lab_take(tally, packet, (uint32_t)answer->res);
    struct io_uring_buf *slot = &uring->buffers->bufs[tail++ & uring->buffers_mask];
    slot->addr = (uint64_t)packet;
    slot->len = (uint32_t)uring->buffer_bytes;
    slot->bid = id;
  }
  __atomic_store_n(&uring->buffers->tail, tail, __ATOMIC_RELEASE);
  __atomic_store_n(uring->completions_head, head + ready, __ATOMIC_RELEASE);
  return ready;
}

// Lets the kernel complete what is ready, and sleeps until `wanted` completions wait or the time is over.
static inline void lab_uring_enter(const struct lab_uring *uring, uint32_t wanted, uint64_t wait_ms) {
  struct {
    int64_t seconds, nanoseconds;
  } time = {.seconds = (int64_t)(wait_ms / 1000), .nanoseconds = (int64_t)(wait_ms % 1000 * LAB_MS_NS)};
  struct io_uring_getevents_arg argument = {.ts = (uint64_t)&time};
  syscall(SYS_io_uring_enter, (int)uring->fd, 0, wanted, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, &argument,
          sizeof argument);
}

#endif
