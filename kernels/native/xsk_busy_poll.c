// AF_XDP that never sleeps, and runs the driver itself when its ring is empty: the C twin of lab/src/paths/xdp-busy-poll.ts.
#include "xsk_loop.h"
#include <sys/socket.h>

uint64_t lab_xsk_busy_poll(uint64_t iterations, uint64_t address, uint64_t batch, uint64_t sink) {
  struct lab_xsk *xsk = (struct lab_xsk *)address;
  struct lab_tally tally = lab_open_tally(sink);
  uint64_t start = lab_now_ns();
  ssize_t answer = 0;
  do {
    if (lab_xsk_take(xsk, (uint32_t)batch, &tally) == 0)
      answer = recvfrom((int)xsk->fd, 0, 0, MSG_DONTWAIT, 0, 0);
    if (answer < 0 && (lab_is_empty() || errno == EBUSY || errno == ENOBUFS))
      answer = 0;
  } while (answer >= 0 && lab_goes_on(&tally, start, iterations));
  lab_close_tally(sink, &tally);
  return answer < 0 ? 0 : lab_elapsed_ns(start);
}
