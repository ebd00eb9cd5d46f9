// Sends on a UDP socket by sendmmsg, one system call a batch: the C twin of lab/src/paths/send/udp-sendmmsg.ts.
#define _GNU_SOURCE
#include "send_batch.h"
#include <sys/socket.h>

uint64_t lab_udp_sendmmsg(uint64_t iterations, uint64_t fd, uint64_t messages, uint64_t first, uint64_t count,
                          uint64_t sent) {
  struct mmsghdr *message = (struct mmsghdr *)messages;
  uint64_t start = lab_now_ns();
  int packets = 0;
  (void)iterations;
  for (uint32_t i = 0; i < count; i++)
    lab_write_number(message[i].msg_hdr.msg_iov->iov_base, (uint32_t)first + i);
  if (count > 0)
    packets = sendmmsg((int)fd, message, (unsigned)count, MSG_DONTWAIT);
  if (packets < 0 && !lab_is_full())
    return 0;
  *(struct lab_sent *)sent = (struct lab_sent){.packets = packets < 0 ? 0 : (uint32_t)packets};
  return lab_elapsed_ns(start);
}
