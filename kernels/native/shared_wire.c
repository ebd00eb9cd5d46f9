// Two threads, each on a CPU of its own choice, write a byte into one descriptor and read a byte from another, again and again. With the
// same two descriptors for both, whatever lock the kernel keeps in them is wanted twice. For every byte that goes in one comes out,
// whichever thread's it was, so nobody waits for ever. One iteration is a write and a read of each thread.
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include "two_threads.h"
#include <unistd.h>

struct side {
  struct lab_gate *gate;
  int in, out;
  uint64_t iterations, failed;
};

static void pass_bytes(struct side *side) {
  char byte = 1;
  for (uint64_t i = 0; i < side->iterations && side->failed == 0; i++) {
    if (write(side->in, &byte, 1) != 1 || read(side->out, &byte, 1) != 1) {
      side->failed = errno ? errno : EIO;
    }
  }
}

static void *partner(void *argument) {
  struct side *side = argument;
  lab_arrive(side->gate);
  pass_bytes(side);
  return NULL;
}

uint64_t lab_shared_wire(uint64_t iterations, uint64_t in, uint64_t out, uint64_t partner_in, uint64_t partner_out,
                         uint64_t here, uint64_t there) {
  struct lab_gate gate = {0};
  struct side mine = {.gate = &gate, .in = (int)in, .out = (int)out, .iterations = iterations};
  struct side theirs = {.gate = &gate, .in = (int)partner_in, .out = (int)partner_out, .iterations = iterations};
  struct lab_pair pair;
  if (lab_start_pair(&pair, here, there, partner, &theirs) != 0) {
    return 0;
  }
  lab_let_go(&gate);
  uint64_t start = lab_now_ns();
  pass_bytes(&mine);
  lab_await_partner(&pair);
  uint64_t elapsed = lab_elapsed_ns(start);
  sched_setaffinity(0, sizeof(pair.before), &pair.before);
  errno = mine.failed ? (int)mine.failed : (int)theirs.failed;
  return errno == 0 ? elapsed : 0;
}
