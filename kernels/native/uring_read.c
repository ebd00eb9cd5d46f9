// Reads a file in memory through an io_uring, `batch` reads at a time: by one io_uring_enter(2) a batch,
// or with a polling thread of the kernel by none. One iteration is one batch. `address` is a struct
// lab_uring_reader of uring_batch.h.
#include "ringside_kernel.h"
#include "uring_batch.h"

uint64_t lab_uring_read(uint64_t iterations, uint64_t address, uint64_t batch) {
  const struct lab_uring_reader *uring = (const struct lab_uring_reader *)address;
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    if (lab_uring_make_reads(uring, batch) != 0) {
      return 0;
    }
  }
  return lab_elapsed_ns(start);
}
