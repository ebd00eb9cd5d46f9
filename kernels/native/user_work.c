// A program that computes and reads in turns, and a clock on its computing alone. One iteration asks for `reads` reads of a file
// and then walks `lines` steps round the ring of pointers at `ring`; the walk is timed. With `uring` 0 each read is a pread(2)
// on this CPU; else it goes through the io_uring at that address, in one call or, with a polling thread, in none.
// @source Soares, Stumm: FlexSC, OSDI 2010, section 2: user-mode slowdown after exceptions
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include "pointer_ring.h"
#include "uring_batch.h"

#define MOST_BYTES 65536

static int read_plainly(uint64_t fd, uint64_t bytes, uint64_t reads) {
  static char buffer[MOST_BYTES];
  for (uint64_t i = 0; i < reads; i++) {
    if (pread((int)fd, buffer, bytes, 0) != (ssize_t)bytes) {
      return -1;
    }
  }
  return 0;
}

uint64_t lab_user_work(uint64_t iterations, uint64_t ring, uint64_t lines, uint64_t reads, uint64_t fd, uint64_t bytes,
                       uint64_t uring) {
  const struct lab_uring_reader *reader = (const struct lab_uring_reader *)uring;
  struct line *at = walk_ring((struct line *)ring, lines);
  uint64_t elapsed = 0;
  if (bytes > MOST_BYTES) {
    errno = EINVAL;
    return 0;
  }
  for (uint64_t i = 0; i < iterations; i++) {
    int failed = uring == 0 ? read_plainly(fd, bytes, reads) : reads > 0 && lab_uring_make_reads(reader, reads);
    if (failed) {
      return 0;
    }
    uint64_t start = lab_now_ns();
    at = walk_ring(at, lines);
    LAB_KEEP(at);
    elapsed += lab_now_ns() - start;
  }
  return elapsed == 0 ? 1 : elapsed;
}
