// Two threads hand a byte back and forth through two pipes, so each must sleep until the other has written. One iteration is
// a round trip: two wake-ups, two writes and two reads, and where both are on one CPU two context switches.
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include "two_threads.h"
#include <fcntl.h>
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

uint64_t lab_pipe_ping_pong(uint64_t iterations, uint64_t here, uint64_t there) {
  struct pipes pipes;
  struct lab_pair pair;
  uint64_t elapsed = 0;
  if (pipe2(pipes.there, O_CLOEXEC) < 0) {
    return 0;
  }
  if (pipe2(pipes.back, O_CLOEXEC) < 0) {
    close(pipes.there[0]), close(pipes.there[1]);
    return 0;
  }
  int started = lab_start_pair(&pair, here, there, echo, &pipes) == 0;
  if (started) {
    ping(&pipes, 1);
    elapsed = ping(&pipes, iterations);
  }
  close(pipes.there[1]); // the partner reads the end of the pipe, and ends
  if (started) {
    lab_end_pair(&pair);
  }
  close(pipes.there[0]), close(pipes.back[0]), close(pipes.back[1]);
  return elapsed;
}
