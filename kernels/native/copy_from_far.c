// Copying a packet that nobody has touched lately: `bytes` from a place in `region` bytes of memory at `address` to one buffer
// that stays in the cache. Places are far apart and in no order that a processor could guess.
#include "ringside_kernel.h"
#include <errno.h>
#include <string.h>

#define MOST_BYTES 65536
#define PAGE_BYTES 4096

uint64_t lab_copy_from_far(uint64_t iterations, uint64_t address, uint64_t region, uint64_t bytes) {
  static char to[MOST_BYTES];
  char *target = to;
  uint64_t random = lab_now_ns() | 1; // other places in each batch
  if (bytes > MOST_BYTES || region < bytes + PAGE_BYTES) {
    errno = EINVAL;
    return 0;
  }
  uint64_t pages = (region - bytes) / PAGE_BYTES;
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    memcpy(target, (const char *)address + random % pages * PAGE_BYTES, bytes);
    LAB_KEEP(target);
  }
  return lab_elapsed_ns(start);
}
