// What the queues of this folder have in common: numbers go from a producer on CPU `there` to a consumer on CPU `here`, and the
// consumer checks that each is the next. They differ in what protects the slots.
#ifndef QUEUE_H
#define QUEUE_H

#include "ringside_kernel.h"
#include "two_threads.h"

#define QUEUE_SLOTS 1024
#define QUEUE_MASK (QUEUE_SLOTS - 1)

// Runs the consumer while `produce` runs in a thread of its own, and times it; the producer may be a queue ahead by then. EIO where the order was not kept.
static inline uint64_t lab_hand_over(void *queue, void *(*produce)(void *), uint64_t (*consume)(void *), uint64_t here,
                                     uint64_t there) {
  struct lab_pair pair;
  if (lab_start_pair(&pair, here, there, produce, queue) != 0) {
    return 0;
  }
  uint64_t start = lab_now_ns();
  uint64_t wrong = consume(queue);
  uint64_t elapsed = lab_elapsed_ns(start);
  lab_end_pair(&pair);
  if (wrong != 0) {
    errno = EIO;
    return 0;
  }
  return elapsed;
}

#endif
