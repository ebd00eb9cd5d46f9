// One memory access that has to wait for the one before: `iterations` steps round the ring at `address`. A ring of
// 16 kB stays in the first-level cache, one of 256 kB in the second, and one far larger than the last level misses
// at nearly every step. A large ring misses the TLB too, as a program with 4 kB pages does.
#include "ringside_kernel.h"
#include "pointer_ring.h"

uint64_t lab_pointer_chase(uint64_t iterations, uint64_t address) {
  struct line *at = (struct line *)address;
  uint64_t start = lab_now_ns();
  at = walk_ring(at, iterations);
  uint64_t elapsed = lab_elapsed_ns(start);
  LAB_KEEP(at);
  return elapsed;
}
