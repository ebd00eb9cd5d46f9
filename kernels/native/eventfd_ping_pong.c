// The same hand-over as pipe_ping_pong.c by two eventfds: a descriptor with nothing behind it but a counter, made for waking.
// One iteration is a round trip.
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include "two_threads.h"
#include <sys/eventfd.h>
#include <unistd.h>

struct bells {
  int there, back;
};

#define RING 1
#define GOODBYE 2

static void *echo(void *argument) {
  struct bells *bells = argument;
  uint64_t rung, ring = RING;
  while (read(bells->there, &rung, sizeof rung) == sizeof rung && rung == RING &&
         write(bells->back, &ring, sizeof ring) == sizeof ring) {
  }
  return NULL;
}

static uint64_t ping(struct bells *bells, uint64_t iterations) {
  uint64_t ring = RING, rung;
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    if (write(bells->there, &ring, sizeof ring) != sizeof ring || read(bells->back, &rung, sizeof rung) != sizeof rung) {
      return 0;
    }
  }
  return lab_elapsed_ns(start);
}

uint64_t lab_eventfd_ping_pong(uint64_t iterations, uint64_t here, uint64_t there) {
  struct bells bells = {.there = eventfd(0, EFD_CLOEXEC), .back = eventfd(0, EFD_CLOEXEC)};
  struct lab_pair pair;
  uint64_t elapsed = 0, goodbye = GOODBYE;
  if (bells.there >= 0 && bells.back >= 0 && lab_start_pair(&pair, here, there, echo, &bells) == 0) {
    ping(&bells, 1);
    elapsed = ping(&bells, iterations);
    if (write(bells.there, &goodbye, sizeof goodbye) == sizeof goodbye) {
      lab_end_pair(&pair);
    }
  }
  if (bells.there >= 0) {
    close(bells.there);
  }
  if (bells.back >= 0) {
    close(bells.back);
  }
  return elapsed;
}
