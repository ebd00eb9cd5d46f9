// Two threads on one CPU hand a byte back and forth through two pipes, so each must sleep for the other to run. One
// iteration is a round trip: two context switches, two writes and two reads.
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

struct pipes {
  int there[2], back[2];
};

static void *echo(void *argument) {
  struct pipes *pipes = argument;
  char byte;
  while (read(pipes->there[0], &byte, 1) == 1 && write(pipes->back[1], &byte, 1) == 1) {
  }
  return NULL;
}

static uint64_t ping(struct pipes *pipes, uint64_t iterations) {
  char byte = 1;
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    if (write(pipes->there[1], &byte, 1) != 1 || read(pipes->back[0], &byte, 1) != 1) {
      return 0;
    }
  }
  return lab_elapsed_ns(start);
}

// A new thread may run where its creator may: both end up on the CPU that runs this now.
static uint64_t ping_on_one_cpu(struct pipes *pipes, uint64_t iterations) {
  cpu_set_t before, one;
  pthread_t partner;
  sched_getaffinity(0, sizeof(before), &before);
  CPU_ZERO(&one);
  CPU_SET(sched_getcpu(), &one);
  sched_setaffinity(0, sizeof(one), &one);
  uint64_t elapsed = 0;
  if (pthread_create(&partner, NULL, echo, pipes) == 0) {
    ping(pipes, 1);
    elapsed = ping(pipes, iterations);
    close(pipes->there[1]); // the partner reads the end of the pipe, and ends
    pthread_join(partner, NULL);
  } else {
    close(pipes->there[1]);
  }
  sched_setaffinity(0, sizeof(before), &before);
  return elapsed;
}

uint64_t lab_context_switch(uint64_t iterations) {
  struct pipes pipes;
  if (pipe2(pipes.there, O_CLOEXEC) < 0) {
    return 0;
  }
  if (pipe2(pipes.back, O_CLOEXEC) < 0) {
    close(pipes.there[0]), close(pipes.there[1]);
    return 0;
  }
  uint64_t elapsed = ping_on_one_cpu(&pipes, iterations);
  close(pipes.there[0]), close(pipes.back[0]), close(pipes.back[1]);
  return elapsed;
}
