// Two cores count, each for itself: no lock, and no byte that both use. With `distance` 8 the counters are neighbours in one
// cache line, which then moves all the same (false sharing); with 128 it does not. One iteration is one addition by each core.
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include "two_threads.h"

#define MOST_DISTANCE 4096

struct counting {
  uint64_t *counter;
  uint64_t iterations;
  struct lab_gate *gate;
};

static void count(struct counting *counting) {
  for (uint64_t i = 0; i < counting->iterations; i++) {
    __atomic_fetch_add(counting->counter, 1, __ATOMIC_RELAXED);
  }
}

static void *partner(void *argument) {
  struct counting *counting = argument;
  lab_arrive(counting->gate);
  count(counting);
  return NULL;
}

uint64_t lab_neighbour_counters(uint64_t iterations, uint64_t here, uint64_t there, uint64_t distance) {
  static _Alignas(LAB_APART) char memory[MOST_DISTANCE + LAB_APART];
  struct lab_gate gate = {0};
  struct counting own = {(uint64_t *)memory, iterations, &gate};
  struct counting other = {(uint64_t *)(memory + distance), iterations, &gate};
  struct lab_pair pair;
  if (distance < sizeof(uint64_t) || distance > MOST_DISTANCE || distance % sizeof(uint64_t) != 0) {
    errno = EINVAL;
    return 0;
  }
  if (lab_start_pair(&pair, here, there, partner, &other) != 0) {
    return 0;
  }
  lab_let_go(&gate);
  uint64_t start = lab_now_ns();
  count(&own);
  lab_end_pair(&pair);
  uint64_t elapsed = lab_elapsed_ns(start);
  return elapsed;
}
