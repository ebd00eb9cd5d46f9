// A cache line that two cores write in turns. Only one core may hold a line that is written to, so each turn moves it: that is
// what the coherence protocol (MESI and its kin) costs, with no lock and no kernel. One iteration is a round trip: two moves.
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include "two_threads.h"

#define OVER UINT64_MAX

struct ball {
  _Alignas(LAB_APART) uint64_t turn;
};

static void *echo(void *argument) {
  struct ball *ball = argument;
  for (uint64_t next = 1;; next += 2) {
    uint64_t turn;
    while ((turn = __atomic_load_n(&ball->turn, __ATOMIC_ACQUIRE)) < next) {
      lab_relax();
    }
    if (turn == OVER) {
      return NULL;
    }
    __atomic_store_n(&ball->turn, next + 1, __ATOMIC_RELEASE);
  }
}

static uint64_t play(struct ball *ball, uint64_t first, uint64_t iterations) {
  uint64_t start = lab_now_ns();
  for (uint64_t next = first; next < first + 2 * iterations; next += 2) {
    __atomic_store_n(&ball->turn, next, __ATOMIC_RELEASE);
    while (__atomic_load_n(&ball->turn, __ATOMIC_ACQUIRE) != next + 1) {
      lab_relax();
    }
  }
  return lab_elapsed_ns(start);
}

uint64_t lab_line_transfer(uint64_t iterations, uint64_t here, uint64_t there) {
  struct ball ball = {.turn = 0};
  struct lab_pair pair;
  if (lab_start_pair(&pair, here, there, echo, &ball) != 0) {
    return 0;
  }
  play(&ball, 1, 1);
  uint64_t elapsed = play(&ball, 3, iterations);
  __atomic_store_n(&ball.turn, OVER, __ATOMIC_RELEASE);
  lab_end_pair(&pair);
  return elapsed;
}
