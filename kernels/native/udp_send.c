// Sends the same datagram again and again on a connected socket, one system call each: the packet source that nearly
// every benchmark begins with. What it costs includes all that the kernel does before the call returns; on a veth that
// is the receiving side too.
#include "ringside_kernel.h"
#include <errno.h>
#include <sys/socket.h>

#define MOST_BYTES 65507

uint64_t lab_udp_send(uint64_t iterations, uint64_t fd, uint64_t bytes) {
  static char payload[MOST_BYTES];
  if (bytes > MOST_BYTES) {
    errno = EINVAL;
    return 0;
  }
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    if (send((int)fd, payload, bytes, 0) < 0) {
      return 0;
    }
  }
  return lab_elapsed_ns(start);
}
