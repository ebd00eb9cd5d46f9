// The loop around a look at memory that we share with the kernel: take what is there, sleep in poll where nothing is, end after
// LAB_HOLD_NS.
#ifndef RINGSIDE_LOOK_LOOP_H
#define RINGSIDE_LOOK_LOOP_H

#include "sink.h"
#include <poll.h>

// Takes what waits, at most a batch. Returns how many packets, 0 where none waits, -1 with errno where the kernel refused.
typedef int (*lab_look)(void *path, uint32_t batch, struct lab_tally *tally);

static inline uint64_t lab_look_loop(lab_look look, uint64_t turns, void *path, uint64_t fd, uint64_t batch, uint64_t wait_ms,
                                     uint64_t sink) {
  struct lab_tally tally = lab_open_tally(sink);
  struct pollfd entry = {.fd = (int)fd, .events = POLLIN};
  uint64_t start = lab_now_ns();
  int taken;
  do {
    taken = look(path, (uint32_t)batch, &tally);
    if (taken == 0 && (wait_ms == 0 || poll(&entry, 1, (int)wait_ms) <= 0))
      break;
  } while (taken >= 0 && lab_goes_on(&tally, start, turns));
  lab_close_tally(sink, &tally);
  return taken < 0 ? 0 : lab_elapsed_ns(start);
}

#endif
