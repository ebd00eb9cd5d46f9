// Asking for the time without entering the kernel: the kernel maps a page of code and data into every process (the
// vDSO), and clock_gettime in it reads the CPU's counter. Compare with forced_clock, the same question by system call.
#include "ringside_kernel.h"

uint64_t lab_vdso_clock(uint64_t iterations) {
  struct timespec now;
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    clock_gettime(CLOCK_MONOTONIC, &now);
  }
  return lab_elapsed_ns(start);
}
