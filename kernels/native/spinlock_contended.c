// The lock of spinlock_pair.c when two cores want it: each takes it `iterations` times and adds one to a counter that the lock
// protects. One iteration is two takings, one by each core; a sum that is wrong is an error (EIO).
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include "two_threads.h"

struct shared {
  _Alignas(LAB_APART) uint32_t lock;
  uint64_t sum; // in the lock's line, as it often is
  struct lab_gate gate;
  uint64_t iterations;
};

static void add(struct shared *shared) {
  for (uint64_t i = 0; i < shared->iterations; i++) {
    while (__atomic_exchange_n(&shared->lock, 1, __ATOMIC_ACQUIRE)) {
      while (__atomic_load_n(&shared->lock, __ATOMIC_RELAXED)) {
        lab_relax();
      }
    }
    shared->sum++;
    __atomic_store_n(&shared->lock, 0, __ATOMIC_RELEASE);
  }
}

static void *partner(void *argument) {
  struct shared *shared = argument;
  lab_arrive(&shared->gate);
  add(shared);
  return NULL;
}

uint64_t lab_spinlock_contended(uint64_t iterations, uint64_t here, uint64_t there) {
  struct shared shared = {.iterations = iterations};
  struct lab_pair pair;
  if (lab_start_pair(&pair, here, there, partner, &shared) != 0) {
    return 0;
  }
  lab_let_go(&shared.gate);
  uint64_t start = lab_now_ns();
  add(&shared);
  lab_end_pair(&pair);
  uint64_t elapsed = lab_elapsed_ns(start);
  if (shared.sum != 2 * iterations) {
    errno = EIO;
    return 0;
  }
  return elapsed;
}
