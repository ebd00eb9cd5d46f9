// Prepares memory for pointer_chase and pollution_probe: links the cache lines of `bytes` at `address` into a ring.
// The one kernel that is here for its effect; `iterations` says how often to link, once is enough.
#include "ringside_kernel.h"
#include "pointer_ring.h"
#include <errno.h>

uint64_t lab_link_pointer_ring(uint64_t iterations, uint64_t address, uint64_t bytes) {
  if (bytes < 2 * LINE_BYTES || address % LINE_BYTES != 0) {
    errno = EINVAL;
    return 0;
  }
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    link_ring((struct line *)address, bytes / LINE_BYTES);
  }
  return lab_elapsed_ns(start);
}
