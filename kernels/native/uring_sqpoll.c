// Receives what a thread of the kernel puts into the completion ring: the C twin of lab/src/paths/io-uring-sqpoll.ts.
#include "uring_rings.h"

uint64_t lab_uring_sqpoll(uint64_t iterations, uint64_t address, uint64_t batch, uint64_t wait_ms, uint64_t sink) {
  struct lab_uring *uring = (struct lab_uring *)address;
  struct lab_tally tally = lab_open_tally(sink);
  uint64_t start = lab_now_ns();
  do {
    if (lab_uring_take(uring, (uint32_t)batch, &tally) > 0)
      continue;
    if (wait_ms == 0)
      break;
    lab_uring_enter(uring, 1, wait_ms);
    if (lab_uring_take(uring, (uint32_t)batch, &tally) == 0)
      break;
  } while (!uring->needs_arming && lab_goes_on(&tally, start, iterations));
  lab_close_tally(sink, &tally);
  return lab_elapsed_ns(start);
}
