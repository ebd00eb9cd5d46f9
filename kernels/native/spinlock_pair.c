// Taking a lock that is free, and giving it back: one locked exchange and one release store. Nobody else wants this
// lock; a contended one costs a cache line's journey between cores on top.
#include "ringside_kernel.h"

uint64_t lab_spinlock_pair(uint64_t iterations) {
  static uint32_t lock;
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE)) {
    }
    __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
  }
  return lab_elapsed_ns(start);
}
