// Sends by sendmsg, one system call a packet, on a UDP socket or an AF_PACKET one: the C twin of lab/src/paths/send/one-message.ts.
#define _GNU_SOURCE
#include "send_batch.h"
#include <sys/socket.h>

uint64_t lab_socket_sendmsg(uint64_t iterations, uint64_t fd, uint64_t message, uint64_t number_at, uint64_t first,
                            uint64_t count, uint64_t sent) {
  const struct msghdr *header = (const struct msghdr *)message;
  uint8_t *number = (uint8_t *)header->msg_iov->iov_base + number_at;
  uint64_t start = lab_now_ns();
  uint32_t packets = 0;
  (void)iterations;
  for (; packets < count; packets++) {
    lab_write_number(number, (uint32_t)first + packets);
    if (sendmsg((int)fd, header, MSG_DONTWAIT) >= 0)
      continue;
    if (!lab_is_full())
      return 0;
    break;
  }
  *(struct lab_sent *)sent = (struct lab_sent){.packets = packets};
  return lab_elapsed_ns(start);
}
