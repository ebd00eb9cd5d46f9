// A ring for one producer and one consumer: each cursor has one writer, so nothing needs a lock, and nobody asks the kernel. Each
// side keeps a copy of the other's cursor and looks again only when the copy says full or empty, and it moves its own cursor
// once for `batch` numbers. One iteration is one number handed over.
#define _GNU_SOURCE
#include "queue.h"

struct queue {
  _Alignas(LAB_APART) uint64_t tail; // written by the producer alone
  _Alignas(LAB_APART) uint64_t head; // written by the consumer alone
  _Alignas(LAB_APART) uint64_t slots[QUEUE_SLOTS];
  uint64_t iterations, batch;
};

static void *produce(void *argument) {
  struct queue *queue = argument;
  uint64_t tail = 0, head = 0;
  while (tail < queue->iterations) {
    uint64_t left = queue->iterations - tail;
    uint64_t count = left < queue->batch ? left : queue->batch;
    while (tail + count - head > QUEUE_SLOTS) {
      head = __atomic_load_n(&queue->head, __ATOMIC_ACQUIRE);
      lab_relax();
    }
    for (uint64_t i = 0; i < count; i++) {
      queue->slots[(tail + i) & QUEUE_MASK] = tail + i;
    }
    tail += count;
    __atomic_store_n(&queue->tail, tail, __ATOMIC_RELEASE);
  }
  return NULL;
}

static uint64_t consume(void *argument) {
  struct queue *queue = argument;
  uint64_t head = 0, tail = 0, wrong = 0;
  while (head < queue->iterations) {
    while (tail == head) {
      tail = __atomic_load_n(&queue->tail, __ATOMIC_ACQUIRE);
      lab_relax();
    }
    uint64_t count = tail - head < queue->batch ? tail - head : queue->batch;
    for (uint64_t i = 0; i < count; i++) {
      wrong += queue->slots[(head + i) & QUEUE_MASK] != head + i;
    }
    head += count;
    __atomic_store_n(&queue->head, head, __ATOMIC_RELEASE);
  }
  return wrong;
}

uint64_t lab_queue_spsc(uint64_t iterations, uint64_t here, uint64_t there, uint64_t batch) {
  struct queue queue = {.iterations = iterations, .batch = batch};
  if (batch == 0 || batch > QUEUE_SLOTS) {
    errno = EINVAL;
    return 0;
  }
  return lab_hand_over(&queue, produce, consume, here, there);
}
