// A batch of equal reads through an io_uring: hand the requests over by one system call or by none, and take the answers. The
// kernel only reads a request, so equal ones were written into all slots once and for all. The C twin of lab/src/measure/uring-reader.ts, over the same rings.
#ifndef URING_BATCH_H
#define URING_BATCH_H

#include <errno.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// One u64 each, as the TypeScript side passes them.
struct lab_uring_reader {
  uint64_t fd;
  uint64_t polled;
  uint32_t *submissions_tail;
  uint32_t *submissions_flags;
  uint32_t *completions_head;
  uint32_t *completions_tail;
  struct io_uring_cqe *completions;
  uint64_t completions_mask;
  uint64_t bytes;
};

// Makes `count` reads and waits for all of them. Returns 0, or -1 where one of them failed.
static inline int lab_uring_make_reads(const struct lab_uring_reader *uring, uint64_t count) {
  uint32_t tail = *uring->submissions_tail;
  uint32_t head = *uring->completions_head;
  if (uring->polled) {
    // The order of "there is work" and "is the thread asleep?" must be kept, or both sides may miss each other.
    __atomic_store_n(uring->submissions_tail, tail + (uint32_t)count, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(uring->submissions_flags, __ATOMIC_SEQ_CST) & IORING_SQ_NEED_WAKEUP) {
      syscall(SYS_io_uring_enter, (int)uring->fd, 0, 0, IORING_ENTER_SQ_WAKEUP, NULL, 0);
    }
  } else {
    __atomic_store_n(uring->submissions_tail, tail + (uint32_t)count, __ATOMIC_RELEASE);
    syscall(SYS_io_uring_enter, (int)uring->fd, (uint32_t)count, (uint32_t)count, IORING_ENTER_GETEVENTS, NULL, 0);
  }
  while (__atomic_load_n(uring->completions_tail, __ATOMIC_ACQUIRE) - head < count) {
  }
  for (uint64_t i = 0; i < count; i++) {
    if (uring->completions[(head + i) & uring->completions_mask].res != (int)uring->bytes) {
      errno = EIO;
      return -1;
    }
  }
  __atomic_store_n(uring->completions_head, head + (uint32_t)count, __ATOMIC_RELEASE);
  return 0;
}

#endif
