// Bytes through the kernel and back: one write(2) into a pipe and one read(2) out of it, by the same thread. Two
// system calls and two copies; the payload sweep shows where the copies begin to weigh more than the calls.
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define MOST_BYTES 65536 // a pipe holds this much, so that the write never blocks

static uint64_t copy_through(int from, int to, uint64_t iterations, uint64_t bytes) {
  static char payload[MOST_BYTES];
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    if (write(to, payload, bytes) != (ssize_t)bytes || read(from, payload, bytes) != (ssize_t)bytes) {
      return 0;
    }
  }
  return lab_elapsed_ns(start);
}

uint64_t lab_pipe_copy(uint64_t iterations, uint64_t bytes) {
  int ends[2];
  if (bytes == 0 || bytes > MOST_BYTES) {
    errno = EINVAL;
    return 0;
  }
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) {
    return 0;
  }
  uint64_t elapsed = copy_through(ends[0], ends[1], iterations, bytes);
  close(ends[0]);
  close(ends[1]);
  return elapsed;
}
