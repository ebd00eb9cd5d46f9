// Receives on a UDP socket as libuv does it under node:dgram: wait for the socket by epoll, then fetch up to 32 packets with one
// recvmsg each. The C twin of lab/src/paths/node-dgram.ts, without the object and the event that JavaScript makes of a packet.
#define _GNU_SOURCE
#include "sink.h"
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PACKETS_A_WAKE_UP 32

// Returns 0 where nothing waits any more, 1 where there may be more, -1 with errno.
static int take(int fd, struct msghdr *message, struct lab_tally *tally) {
  for (int i = 0; i < PACKETS_A_WAKE_UP; i++) {
    ssize_t length = recvmsg(fd, message, MSG_DONTWAIT);
    if (length < 0)
      return lab_is_empty() ? 0 : -1;
    lab_take(tally, message->msg_iov->iov_base, (uint32_t)length);
  }
  return 1;
}

uint64_t lab_udp_epoll(uint64_t iterations, uint64_t fd, uint64_t messages, uint64_t wait_ms, uint64_t sink) {
  struct lab_tally tally = lab_open_tally(sink);
  struct epoll_event event = {.events = EPOLLIN};
  int waker = epoll_create1(EPOLL_CLOEXEC);
  if (waker < 0)
    return 0;
  int more = epoll_ctl(waker, EPOLL_CTL_ADD, (int)fd, &event);
  uint64_t start = lab_now_ns();
  while (more >= 0 && epoll_wait(waker, &event, 1, (int)wait_ms) > 0) {
    more = take((int)fd, (struct msghdr *)messages, &tally);
    if (!lab_goes_on(&tally, start, iterations))
      break;
  }
  int reason = errno;
  close(waker);
  errno = reason;
  lab_close_tally(sink, &tally);
  return more < 0 ? 0 : lab_elapsed_ns(start);
}
