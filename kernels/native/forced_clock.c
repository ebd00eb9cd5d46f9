// The same question as vdso_clock, asked of the kernel: syscall(2) goes past the vDSO.
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include <sys/syscall.h>
#include <unistd.h>

uint64_t lab_forced_clock(uint64_t iterations) {
  struct timespec now;
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
  }
  return lab_elapsed_ns(start);
}
