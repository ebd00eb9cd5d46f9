// What a system call costs after it has returned: it used the caches and branch predictors, so the program runs slower
// for a while. One iteration makes `calls` system calls and then times, alone, a walk of `lines` steps round the ring at
// `address`: only the user's own work is in the sum. With `calls` 0 and the same walk, the difference is the pollution.
//
// The call is pwrite(2) of a kilobyte into a file in memory, the one FlexSC used: getppid hardly touches anything.
// @source Soares, Stumm: FlexSC, OSDI 2010, section 2.2
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include "pointer_ring.h"
#include <sys/mman.h>
#include <unistd.h>

#define CALL_BYTES 1024

uint64_t lab_pollution_probe(uint64_t iterations, uint64_t address, uint64_t lines, uint64_t calls) {
  static char payload[CALL_BYTES];
  int fd = memfd_create("ringside-pollution", MFD_CLOEXEC);
  if (fd < 0) {
    return 0;
  }
  struct line *at = walk_ring((struct line *)address, lines);
  uint64_t elapsed = 0;
  for (uint64_t i = 0; i < iterations; i++) {
    for (uint64_t call = 0; call < calls; call++) {
      if (pwrite(fd, payload, CALL_BYTES, 0) != CALL_BYTES) {
        close(fd);
        return 0;
      }
    }
    uint64_t start = lab_now_ns();
    at = walk_ring(at, lines);
    LAB_KEEP(at);
    elapsed += lab_now_ns() - start;
  }
  close(fd);
  return elapsed == 0 ? 1 : elapsed;
}
