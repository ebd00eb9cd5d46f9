// The same hand-over as pipe_ping_pong.c by a word in memory and futex(2), the call beneath every mutex and condition
// variable: it sleeps while the word has a value, and wakes who sleeps. One iteration is a round trip.
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include "two_threads.h"
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

enum turn { MINE, YOURS, OVER };

static void sleep_while(uint32_t *word, uint32_t value) {
  while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == value) {
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
  }
}

static void hand_over(uint32_t *word, uint32_t value) {
  __atomic_store_n(word, value, __ATOMIC_RELEASE);
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void *echo(void *argument) {
  uint32_t *turn = argument;
  for (;;) {
    sleep_while(turn, MINE);
    if (__atomic_load_n(turn, __ATOMIC_ACQUIRE) == OVER) {
      return NULL;
    }
    hand_over(turn, MINE);
  }
}

static uint64_t ping(uint32_t *turn, uint64_t iterations) {
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    hand_over(turn, YOURS);
    sleep_while(turn, YOURS);
  }
  return lab_elapsed_ns(start);
}

uint64_t lab_futex_ping_pong(uint64_t iterations, uint64_t here, uint64_t there) {
  uint32_t turn = MINE;
  struct lab_pair pair;
  if (lab_start_pair(&pair, here, there, echo, &turn) != 0) {
    return 0;
  }
  ping(&turn, 1);
  uint64_t elapsed = ping(&turn, iterations);
  hand_over(&turn, OVER);
  lab_end_pair(&pair);
  return elapsed;
}
