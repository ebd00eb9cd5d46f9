// write(2) to /dev/null: a system call with arguments, a file descriptor looked up, and no byte ever copied. So its
// price does not depend on `bytes`, and what pipe_copy costs more is the copying.
#include "ringside_kernel.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define MOST_BYTES 65536

uint64_t lab_write_null(uint64_t iterations, uint64_t bytes) {
  static char payload[MOST_BYTES];
  if (bytes > MOST_BYTES) {
    errno = EINVAL;
    return 0;
  }
  int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (fd < 0) {
    return 0;
  }
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    if (write(fd, payload, bytes) < 0) {
      close(fd);
      return 0;
    }
  }
  uint64_t elapsed = lab_elapsed_ns(start);
  close(fd);
  return elapsed;
}
