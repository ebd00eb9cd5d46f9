// A queue as one finds it in textbooks: a mutex protects it, and a side that cannot go on sleeps on a condition variable. Both
// are futex(2) beneath. One iteration is one number handed over.
#define _GNU_SOURCE
#include "queue.h"

struct queue {
  pthread_mutex_t mutex;
  pthread_cond_t not_empty, not_full;
  uint64_t head, tail, iterations;
  uint64_t slots[QUEUE_SLOTS];
};

static void *produce(void *argument) {
  struct queue *queue = argument;
  for (uint64_t value = 0; value < queue->iterations; value++) {
    pthread_mutex_lock(&queue->mutex);
    while (queue->tail - queue->head == QUEUE_SLOTS) {
      pthread_cond_wait(&queue->not_full, &queue->mutex);
    }
    queue->slots[queue->tail++ & QUEUE_MASK] = value;
    pthread_cond_signal(&queue->not_empty);
    pthread_mutex_unlock(&queue->mutex);
  }
  return NULL;
}

static uint64_t consume(void *argument) {
  struct queue *queue = argument;
  uint64_t wrong = 0;
  for (uint64_t next = 0; next < queue->iterations; next++) {
    pthread_mutex_lock(&queue->mutex);
    while (queue->tail == queue->head) {
      pthread_cond_wait(&queue->not_empty, &queue->mutex);
    }
    wrong += queue->slots[queue->head++ & QUEUE_MASK] != next;
    pthread_cond_signal(&queue->not_full);
    pthread_mutex_unlock(&queue->mutex);
  }
  return wrong;
}

uint64_t lab_queue_mutex(uint64_t iterations, uint64_t here, uint64_t there) {
  struct queue queue = {.mutex = PTHREAD_MUTEX_INITIALIZER,
                        .not_empty = PTHREAD_COND_INITIALIZER,
                        .not_full = PTHREAD_COND_INITIALIZER,
                        .iterations = iterations};
  return lab_hand_over(&queue, produce, consume, here, there);
}
