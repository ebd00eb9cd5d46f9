// The loop around a receiving call: take what is there, sleep where nothing is, end after LAB_HOLD_NS.
#ifndef RINGSIDE_SOCKET_LOOP_H
#define RINGSIDE_SOCKET_LOOP_H

#include "sink.h"
#include <poll.h>

// Takes what waits, at most a batch. Returns how many packets, 0 where none waits, -1 with errno where the call failed.
typedef int (*lab_take_batch)(int fd, void *messages, uint32_t batch, struct lab_tally *tally);

static inline uint64_t lab_socket_turn(lab_take_batch take, int fd, void *messages, uint32_t batch, int wait_ms,
                                       struct lab_tally *tally) {
  struct pollfd entry = {.fd = fd, .events = POLLIN};
  uint64_t start = lab_now_ns();
  int taken;
  do {
    taken = take(fd, messages, batch, tally);
    if (taken == 0 && (wait_ms == 0 || poll(&entry, 1, wait_ms) <= 0))
      break;
  } while (taken >= 0 && lab_goes_on(tally, start, 1));
  return taken < 0 ? 0 : lab_elapsed_ns(start);
}

// Takes `iterations` turns of LAB_HOLD_NS, or shorter ones where nothing comes.
static inline uint64_t lab_socket_loop(lab_take_batch take, uint64_t iterations, uint64_t fd, uint64_t messages,
                                       uint64_t batch, uint64_t wait_ms, uint64_t sink) {
  struct lab_tally tally = lab_open_tally(sink);
  uint64_t elapsed = 0, turn = 1;
  for (uint64_t i = 0; i < iterations && turn != 0; i++)
    elapsed += turn = lab_socket_turn(take, (int)fd, (void *)messages, (uint32_t)batch, (int)wait_ms, &tally);
  lab_close_tally(sink, &tally);
  return turn == 0 ? 0 : elapsed;
}

#endif
