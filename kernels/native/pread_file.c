// Reads the first `bytes` of a file again and again, one pread(2) an iteration: the plain twin of uring_read.c.
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include <errno.h>
#include <unistd.h>

#define MOST_BYTES 65536

uint64_t lab_pread_file(uint64_t iterations, uint64_t fd, uint64_t bytes) {
  static char buffer[MOST_BYTES];
  if (bytes > MOST_BYTES) {
    errno = EINVAL;
    return 0;
  }
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    if (pread((int)fd, buffer, bytes, 0) != (ssize_t)bytes) {
      return 0;
    }
  }
  return lab_elapsed_ns(start);
}
