// Measurement kernels: the loops that are too fast to be timed from JavaScript.
//
// The whole interface: `uint64_t lab_<name>(uint64_t iterations, ...)`, in the file <name>.c, does its work `iterations`
// times and returns the nanoseconds that took, at least 1. 0 means that it could not: then errno says why. Further
// arguments are uint64_t too. A kernel keeps nothing between calls, so a batch can be repeated and interleaved freely;
// setting up (opening a pipe, starting a thread) is never timed.
#ifndef RINGSIDE_KERNEL_H
#define RINGSIDE_KERNEL_H

#include <stdint.h>
#include <time.h>

// Makes the compiler believe that `value` is read and changed here, so that it cannot drop or merge the loop's work.
#define LAB_KEEP(value) __asm__ volatile("" : "+r"(value) : : "memory")

// CLOCK_MONOTONIC_RAW never jumps and is not slewed by NTP. It is read through the vDSO, without a system call, where
// the clock source allows (tsc on x86, arch_sys_counter on arm64). One batch reads it twice.
static inline uint64_t lab_now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_RAW, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline uint64_t lab_elapsed_ns(uint64_t start) {
  uint64_t elapsed = lab_now_ns() - start;
  return elapsed == 0 ? 1 : elapsed;
}

#endif
