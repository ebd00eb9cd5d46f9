// What every server of short connections shares: what it is asked to do, what it says it did, and one answer. A connection carries
// `requests` questions of LAB_MESSAGE_BYTES, each answered by as many bytes; then the server closes it. A server ends once
// its listener was shut down and its last connection is closed.
#ifndef RINGSIDE_ACCEPT_SERVER_H
#define RINGSIDE_ACCEPT_SERVER_H

#define _GNU_SOURCE
#include "ringside_kernel.h"
#include <errno.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#define LAB_MESSAGE_BYTES 64

// One u64 each, as lab/src/connections/server.ts lays them out.
struct lab_server {
  uint64_t listener;
  uint64_t requests;
  uint64_t asks_core; // whether to ask each connection for the CPU that its packets came in on
  uint64_t direct;    // io_uring only: connections get no file descriptor
  uint64_t ready;     // set once it is about to wait
  uint64_t accepted;
  uint64_t answered;
  uint64_t closed;
  uint64_t on_core;  // accepted on the CPU of its packets
  uint64_t off_core;
  uint64_t failed; // connections that ended before their last answer
};

static inline void lab_server_ready(struct lab_server *server) {
  __atomic_store_n(&server->ready, 1, __ATOMIC_RELEASE);
}

// Notes a new connection, and if asked on which CPU its packets came in (SO_INCOMING_CPU): that question is one more system call.
static inline void lab_server_accepted(struct lab_server *server, int connection) {
  int core = -1;
  socklen_t length = sizeof core;
  server->accepted++;
  if (!server->asks_core || getsockopt(connection, SOL_SOCKET, SO_INCOMING_CPU, &core, &length) != 0)
    return;
  if (core == sched_getcpu())
    server->on_core++;
  else
    server->off_core++;
}

// Reads one question and answers it. Returns 1; 0 where nothing has come yet; -1 where the connection has failed.
static inline int lab_answer(struct lab_server *server, int connection) {
  char message[LAB_MESSAGE_BYTES];
  ssize_t length = recv(connection, message, sizeof message, 0);
  if (length < 0 && errno == EAGAIN)
    return 0;
  if (length != LAB_MESSAGE_BYTES || send(connection, message, (size_t)length, MSG_NOSIGNAL) != length)
    return -1;
  server->answered++;
  return 1;
}

static inline void lab_server_close(struct lab_server *server, int connection, int failed) {
  close(connection);
  server->closed++;
  server->failed += failed ? 1 : 0;
}

// Whether accept failed because there will be no more: the listener was shut down.
static inline int lab_is_shut_down(void) { return errno == EINVAL; }

#endif
