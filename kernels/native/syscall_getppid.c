// The price of entering the kernel and coming back: getppid reads one field and returns, so nearly all
// of its time is the crossing itself (with whatever the mitigations of this machine add to it).
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include <sys/syscall.h>
#include <unistd.h>

uint64_t lab_syscall_getppid(uint64_t iterations) {
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    syscall(SYS_getppid);
  }
  return lab_elapsed_ns(start);
}
