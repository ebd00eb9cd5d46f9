// AF_XDP that looks at its ring and sleeps in poll only when it is empty: the C twin of lab/src/paths/xdp-need-wakeup.ts.
#include "look_loop.h"
#include "xsk_loop.h"

uint64_t lab_xsk_need_wakeup(uint64_t iterations, uint64_t address, uint64_t batch, uint64_t wait_ms, uint64_t sink) {
  struct lab_xsk *xsk = (struct lab_xsk *)address;
  return lab_look_loop(lab_xsk_take, iterations, xsk, xsk->fd, batch, wait_ms, sink);
}
