// An io_uring of the kernel's own making, in C: set up, one slot of the submission ring at a time, one call to submit and wait.
#ifndef RINGSIDE_URING_QUEUE_H
#define RINGSIDE_URING_QUEUE_H

#include <linux/io_uring.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct lab_uring_queue {
  int fd;
  uint32_t *sq_tail, *sq_head, sq_mask, sq_entries;
  uint32_t *cq_head, *cq_tail, cq_mask;
  struct io_uring_sqe *requests;
  struct io_uring_cqe *completions;
  uint32_t filled; // slots written since the last call
  void *rings, *slots;
  size_t rings_bytes, slots_bytes;
};

// Returns 0, or -1 with errno.
static inline int lab_uring_open(struct lab_uring_queue *queue, uint32_t entries, uint32_t completions) {
  struct io_uring_params params = {
      .flags = IORING_SETUP_CQSIZE | IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN,
      .cq_entries = completions};
  queue->fd = (int)syscall(SYS_io_uring_setup, entries, &params);
  if (queue->fd < 0)
    return -1;
  queue->rings_bytes = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
  size_t order_end = params.sq_off.array + params.sq_entries * sizeof(uint32_t);
  if (order_end > queue->rings_bytes)
    queue->rings_bytes = order_end; // one mapping holds both rings
  queue->slots_bytes = params.sq_entries * sizeof(struct io_uring_sqe);
  int access = PROT_READ | PROT_WRITE, kind = MAP_SHARED | MAP_POPULATE;
  char *rings = mmap(NULL, queue->rings_bytes, access, kind, queue->fd, IORING_OFF_SQ_RING);
  queue->rings = rings;
  queue->slots = mmap(NULL, queue->slots_bytes, access, kind, queue->fd, IORING_OFF_SQES);
  if (rings == MAP_FAILED || queue->slots == MAP_FAILED)
    return -1;
  queue->requests = queue->slots;
  queue->sq_head = (uint32_t *)(rings + params.sq_off.head);
  queue->sq_tail = (uint32_t *)(rings + params.sq_off.tail);
  queue->sq_mask = params.sq_entries - 1;
  queue->sq_entries = params.sq_entries;
  queue->cq_head = (uint32_t *)(rings + params.cq_off.head);
  queue->cq_tail = (uint32_t *)(rings + params.cq_off.tail);
  queue->cq_mask = params.cq_entries - 1;
  queue->completions = (struct io_uring_cqe *)(rings + params.cq_off.cqes);
  uint32_t *order = (uint32_t *)(rings + params.sq_off.array);
  for (uint32_t i = 0; i < params.sq_entries; i++)
    order[i] = i; // slots are submitted in their own order, always
  return 0;
}

// Submits what was written, and sleeps until `wanted` completions wait. Returns what the kernel took, or -1 with errno.
static inline int lab_uring_submit(struct lab_uring_queue *queue, uint32_t wanted) {
  int taken = (int)syscall(SYS_io_uring_enter, queue->fd, queue->filled, wanted, IORING_ENTER_GETEVENTS, NULL, 0);
  if (taken > 0)
    queue->filled -= (uint32_t)taken;
  return taken;
}

static inline uint32_t lab_uring_room(struct lab_uring_queue *queue) {
  return queue->sq_entries - (*queue->sq_tail - __atomic_load_n(queue->sq_head, __ATOMIC_ACQUIRE));
}

// The next free slot, zeroed: one thread fills and submits, so it is published at once.
static inline struct io_uring_sqe *lab_uring_slot(struct lab_uring_queue *queue) {
  uint32_t tail = *queue->sq_tail;
  struct io_uring_sqe *slot = &queue->requests[tail & queue->sq_mask];
  memset(slot, 0, sizeof *slot);
  __atomic_store_n(queue->sq_tail, tail + 1, __ATOMIC_RELEASE);
  queue->filled++;
  return slot;
}

// The oldest completion, or NULL.
static inline const struct io_uring_cqe *lab_uring_peek(const struct lab_uring_queue *queue) {
  uint32_t head = *queue->cq_head;
  if (head == __atomic_load_n(queue->cq_tail, __ATOMIC_ACQUIRE))
    return NULL;
  return &queue->completions[head & queue->cq_mask];
}

static inline void lab_uring_release(struct lab_uring_queue *queue) {
  __atomic_store_n(queue->cq_head, *queue->cq_head + 1, __ATOMIC_RELEASE);
}

static inline void lab_uring_close(struct lab_uring_queue *queue) {
  munmap(queue->slots, queue->slots_bytes);
  munmap(queue->rings, queue->rings_bytes);
  close(queue->fd);
}

#endif
