// Sends messages of two parts, header and body, over a connected UDP socket of the loopback interface, in
// one of three ways: `calls` system calls a message, which make `datagrams` packets of it.
//
//   2 calls, 2 datagrams   send(header), send(body)
//   1 call,  2 datagrams   sendmmsg(header, body): the door once, the way through the stack twice
//   1 call,  1 datagram    copy them together, send(both): the door once, the stack once
//
// Only sending is timed; between bursts the receiving socket is emptied. On loopback a send does the
// receiver's half of the work as well: the packet is queued at the other socket when the call returns.
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEADER_BYTES 16
#define BODY_BYTES 112
#define BURST 32 // messages: their packets fit into any socket's buffer

struct message {
  char header[HEADER_BYTES], body[BODY_BYTES];
};

static int send_parts(int out, struct message *message) {
  return send(out, message->header, HEADER_BYTES, 0) == HEADER_BYTES &&
         send(out, message->body, BODY_BYTES, 0) == BODY_BYTES;
}

static int send_parts_at_once(int out, struct message *message) {
  struct iovec parts[2] = {{message->header, HEADER_BYTES}, {message->body, BODY_BYTES}};
  struct mmsghdr packets[2] = {{.msg_hdr = {.msg_iov = &parts[0], .msg_iovlen = 1}},
                               {.msg_hdr = {.msg_iov = &parts[1], .msg_iovlen = 1}}};
  return sendmmsg(out, packets, 2, 0) == 2;
}

static int send_together(int out, struct message *message) {
  char both[HEADER_BYTES + BODY_BYTES];
  memcpy(both, message->header, HEADER_BYTES);
  memcpy(both + HEADER_BYTES, message->body, BODY_BYTES);
  LAB_KEEP(message); // a program's parts lie apart: let no compiler see that these do not
  return send(out, both, sizeof(both), 0) == (ssize_t)sizeof(both);
}

static void empty(int in) {
  char bytes[HEADER_BYTES + BODY_BYTES];
  while (recv(in, bytes, sizeof(bytes), MSG_DONTWAIT) >= 0) {
  }
}

static uint64_t send_all(int in, int out, uint64_t iterations, int (*send_one)(int, struct message *)) {
  static struct message message;
  uint64_t elapsed = 0;
  while (iterations > 0) {
    uint64_t burst = iterations < BURST ? iterations : BURST;
    uint64_t start = lab_now_ns();
    for (uint64_t i = 0; i < burst; i++) {
      if (!send_one(out, &message)) {
        return 0;
      }
    }
    elapsed += lab_elapsed_ns(start);
    empty(in);
    iterations -= burst;
  }
  return elapsed;
}

static int connect_pair(int in, int out) {
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof(place);
  return bind(in, (struct sockaddr *)&place, size) == 0 && getsockname(in, (struct sockaddr *)&place, &size) == 0 &&
         connect(out, (struct sockaddr *)&place, size) == 0;
}

uint64_t lab_send_message(uint64_t iterations, uint64_t calls, uint64_t datagrams) {
  if (calls < 1 || calls > datagrams || datagrams > 2) {
    errno = EINVAL;
    return 0;
  }
  int in = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  int out = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  uint64_t elapsed = 0;
  if (in >= 0 && out >= 0 && connect_pair(in, out)) {
    int (*two_packets)(int, struct message *) = calls == 2 ? send_parts : send_parts_at_once;
    elapsed = send_all(in, out, iterations, datagrams == 2 ? two_packets : send_together);
  }
  close(in), close(out);
  return elapsed;
}
