// Receives on a UDP socket by recvmmsg, one system call a batch: the C twin of lab/src/paths/udp-recvmmsg.ts.
#define _GNU_SOURCE
#include "socket_loop.h"
#include <sys/socket.h>

static int take(int fd, void *messages, uint32_t batch, struct lab_tally *tally) {
  struct mmsghdr *message = messages;
  int taken = recvmmsg(fd, message, batch, MSG_DONTWAIT, NULL);
  if (taken < 0)
    return lab_is_empty() ? 0 : -1;
  for (int i = 0; i < taken; i++)
    lab_take(tally, message[i].msg_hdr.msg_iov->iov_base, message[i].msg_len);
  return taken;
}

uint64_t lab_udp_recvmmsg(uint64_t iterations, uint64_t fd, uint64_t messages, uint64_t batch, uint64_t wait_ms,
                          uint64_t sink) {
  return lab_socket_loop(take, iterations, fd, messages, batch, wait_ms, sink);
}
