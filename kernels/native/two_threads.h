// Two threads, each on a CPU of its own choice: this one on `here`, a partner on `there`. Where both are the same CPU, one
// must sleep for the other to run. Setting up and taking down are not timed.
#ifndef TWO_THREADS_H
#define TWO_THREADS_H

#ifndef _GNU_SOURCE
#error "define _GNU_SOURCE before anything is included: sched_setaffinity(2) needs it"
#endif

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>

// Two lines: processors fetch the neighbour of a line, too, so what must not be shared keeps this far apart.
#define LAB_APART 128

struct lab_pair {
  cpu_set_t before;
  pthread_t partner;
};

static inline int lab_stay_on(uint64_t cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  return sched_setaffinity(0, sizeof(one), &one);
}

// A new thread begins where its creator may run, so we go to `there` first, make it, and then come `here`.
static inline int lab_start_pair(struct lab_pair *pair, uint64_t here, uint64_t there, void *(*run)(void *),
                                 void *argument) {
  sched_getaffinity(0, sizeof(pair->before), &pair->before);
  if (lab_stay_on(there) == 0) {
    errno = pthread_create(&pair->partner, NULL, run, argument);
    if (errno == 0 && lab_stay_on(here) == 0) {
      return 0;
    }
  }
  sched_setaffinity(0, sizeof(pair->before), &pair->before);
  return -1;
}

// Waits for the partner's end without futex(2), so that who counts those calls counts the partners' own.
static inline void lab_await_partner(const struct lab_pair *pair) {
  while (pthread_tryjoin_np(pair->partner, NULL) == EBUSY) {
    sched_yield();
  }
}

static inline void lab_end_pair(struct lab_pair *pair) {
  lab_await_partner(pair);
  sched_setaffinity(0, sizeof(pair->before), &pair->before);
}

// The processor is told that this is a loop that waits: cheaper for the other side, and for a sibling on the same core.
static inline void lab_relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield" ::: "memory");
#endif
}

// Both threads begin at once: the partner arrives and waits, and this thread lets it go.
struct lab_gate {
  _Alignas(LAB_APART) uint32_t arrived, open;
};

static inline void lab_arrive(struct lab_gate *gate) {
  __atomic_store_n(&gate->arrived, 1, __ATOMIC_RELEASE);
  while (!__atomic_load_n(&gate->open, __ATOMIC_ACQUIRE)) {
    lab_relax();
  }
}

static inline void lab_let_go(struct lab_gate *gate) {
  while (!__atomic_load_n(&gate->arrived, __ATOMIC_ACQUIRE)) {
    lab_relax();
  }
  __atomic_store_n(&gate->open, 1, __ATOMIC_RELEASE);
}

#endif
