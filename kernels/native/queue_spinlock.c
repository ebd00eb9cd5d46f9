// The queue of queue_mutex.c with a lock that never asks the kernel: who finds it taken, or the queue empty or full, looks again.
// One iteration is one number handed over.
#define _GNU_SOURCE
#include "queue.h"

struct queue {
  _Alignas(LAB_APART) uint32_t lock;
  uint64_t head, tail;
  _Alignas(LAB_APART) uint64_t slots[QUEUE_SLOTS];
  uint64_t iterations;
};

static void take(struct queue *queue) {
  while (__atomic_exchange_n(&queue->lock, 1, __ATOMIC_ACQUIRE)) {
    while (__atomic_load_n(&queue->lock, __ATOMIC_RELAXED)) {
      lab_relax();
    }
  }
}

static void give_back(struct queue *queue) {
  __atomic_store_n(&queue->lock, 0, __ATOMIC_RELEASE);
}

static void *produce(void *argument) {
  struct queue *queue = argument;
  for (uint64_t value = 0; value < queue->iterations;) {
    take(queue);
    if (queue->tail - queue->head < QUEUE_SLOTS) {
      queue->slots[queue->tail++ & QUEUE_MASK] = value++;
    }
    give_back(queue);
  }
  return NULL;
}

static uint64_t consume(void *argument) {
  struct queue *queue = argument;
  uint64_t wrong = 0;
  for (uint64_t next = 0; next < queue->iterations;) {
    take(queue);
    if (queue->tail != queue->head) {
      wrong += queue->slots[queue->head++ & QUEUE_MASK] != next++;
    }
    give_back(queue);
  }
  return wrong;
}

uint64_t lab_queue_spinlock(uint64_t iterations, uint64_t here, uint64_t there) {
  struct queue queue = {.iterations = iterations};
  return lab_hand_over(&queue, produce, consume, here, there);
}
