// Pushes bytes through a connected TCP pair: one thread sends, another receives, each 64 KiB a call. One iteration is
// 64 KiB that arrived, so the figure is the stream's whole price, both stacks and the wire between them included.
#include "ringside_kernel.h"
#include <errno.h>
#include <pthread.h>
#include <sys/socket.h>

#define CHUNK_BYTES 65536

struct stream {
  int fd;
  uint64_t bytes;
};

static void *send_all(void *argument) {
  static char payload[CHUNK_BYTES];
  struct stream *stream = argument;
  while (stream->bytes > 0) {
    ssize_t sent = send(stream->fd, payload, stream->bytes < CHUNK_BYTES ? stream->bytes : CHUNK_BYTES, MSG_NOSIGNAL);
    if (sent < 0) {
      break; // the receiver's recv ends with an error or a timeout of its own
    }
    stream->bytes -= (uint64_t)sent;
  }
  return NULL;
}

static int receive_all(int fd, uint64_t bytes) {
  static char payload[CHUNK_BYTES];
  while (bytes > 0) {
    ssize_t got = recv(fd, payload, CHUNK_BYTES, 0);
    if (got <= 0) {
      return -1;
    }
    bytes -= (uint64_t)got;
  }
  return 0;
}

uint64_t lab_tcp_stream(uint64_t iterations, uint64_t from, uint64_t to) {
  struct stream stream = {.fd = (int)from, .bytes = iterations * CHUNK_BYTES};
  pthread_t sender;
  uint64_t start = lab_now_ns();
  int refused = pthread_create(&sender, NULL, send_all, &stream);
  if (refused != 0) {
    errno = refused;
    return 0;
  }
  int failed = receive_all((int)to, iterations * CHUNK_BYTES);
  int why = errno;
  uint64_t elapsed = lab_elapsed_ns(start);
  if (failed) {
    shutdown((int)from, SHUT_RDWR); // wakes a sender that waits for room
  }
  pthread_join(sender, NULL);
  errno = why;
  return failed ? 0 : elapsed;
}
