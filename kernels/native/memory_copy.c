// Copying a packet from one buffer to another, both in the first-level cache. A copy from memory that was not touched
// lately pays cache misses on top (pointer_chase).
#include "ringside_kernel.h"
#include <errno.h>
#include <string.h>

#define MOST_BYTES 65536

uint64_t lab_memory_copy(uint64_t iterations, uint64_t bytes) {
  static char from[MOST_BYTES], to[MOST_BYTES];
  if (bytes > MOST_BYTES) {
    errno = EINVAL;
    return 0;
  }
  char *target = to;
  memset(from, 1, bytes);
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    memcpy(target, from, bytes);
    LAB_KEEP(target);
  }
  return lab_elapsed_ns(start);
}
