// AF_XDP that looks at its ring and sleeps in poll only when it is empty: the C twin of lab/src/paths/xdp-need-wakeup.ts.
#include "xsk_loop.h"
#include <poll.h>

uint64_t lab_xsk_need_wakeup(uint64_t iterations, uint64_t address, uint64_t batch, uint64_t wait_ms, uint64_t sink) {
  struct lab_xsk *xsk = (struct lab_xsk *)address;
  struct lab_tally tally = lab_open_tally(sink);
  struct pollfd entry = {.fd = (int)xsk->fd, .events = POLLIN};
  uint64_t start = lab_now_ns();
  do {
    if (lab_xsk_take(xsk, (uint32_t)batch, &tally) == 0 && (wait_ms == 0 || poll(&entry, 1, (int)wait_ms) <= 0))
      break;
  } while (lab_goes_on(&tally, start, iterations));
  lab_close_tally(sink, &tally);
  return lab_elapsed_ns(start);
}
