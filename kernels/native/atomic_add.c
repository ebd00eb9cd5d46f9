// A locked operation on a cache line that no other core wants: the lower limit of every shared counter, reference
// count and lock.
#include "ringside_kernel.h"

uint64_t lab_atomic_add(uint64_t iterations) {
  static uint64_t counter;
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    __atomic_fetch_add(&counter, 1, __ATOMIC_SEQ_CST);
  }
  return lab_elapsed_ns(start);
}
