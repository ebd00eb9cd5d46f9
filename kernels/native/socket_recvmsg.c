// Receives on a socket by recvmsg, one system call a packet: the C twin of lab/src/paths/one-by-one.ts.
#define _GNU_SOURCE
#include "socket_loop.h"
#include <sys/socket.h>

static int take(int fd, void *messages, uint32_t batch, struct lab_tally *tally) {
  struct msghdr *message = messages;
  for (uint32_t taken = 0; taken < batch; taken++) {
    ssize_t length = recvmsg(fd, message, MSG_DONTWAIT);
    if (length < 0)
      return lab_is_empty() ? (int)taken : -1;
    lab_take(tally, message->msg_iov->iov_base, (uint32_t)length);
  }
  return (int)batch;
}

uint64_t lab_socket_recvmsg(uint64_t iterations, uint64_t fd, uint64_t messages, uint64_t batch, uint64_t wait_ms,
                            uint64_t sink) {
  return lab_socket_loop(take, iterations, fd, messages, batch, wait_ms, sink);
}
