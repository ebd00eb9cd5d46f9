// Serves many connections at once by io_uring: one multishot request accepts them all, and reads, writes and closes wait in the
// submission ring until one system call submits all of them and collects all answers. With `direct` a connection lives in the
// ring's own file table and gets no descriptor: MegaPipe calls such a thing a lightweight socket.
#include "accept_server.h"
#include "uring_queue.h"
#include <stdlib.h>

#define ENTRIES 2048
#define COMPLETIONS 16384
#define MOST_CONNECTIONS 4096

enum step { ACCEPT, READ, WRITE, CLOSE };

struct ring_server {
  struct lab_server *server;
  struct lab_uring_queue queue;
  uint64_t open;
  int listens;
  uint32_t answered[MOST_CONNECTIONS]; // by descriptor, or place in the ring's file table
  char message[MOST_CONNECTIONS][LAB_MESSAGE_BYTES];
};

// A slot for one step of a connection.
static struct io_uring_sqe *next(struct ring_server *state, uint8_t operation, enum step step, int connection) {
  struct io_uring_sqe *slot = lab_uring_slot(&state->queue);
  slot->opcode = operation;
  slot->fd = connection;
  slot->user_data = (uint64_t)step << 32 | (uint32_t)connection;
  if (state->server->direct && step != ACCEPT)
    slot->flags = IOSQE_FIXED_FILE;
  return slot;
}

static void listen_on(struct ring_server *state) {
  struct io_uring_sqe *slot = next(state, IORING_OP_ACCEPT, ACCEPT, (int)state->server->listener);
  slot->ioprio = IORING_ACCEPT_MULTISHOT;
  if (state->server->direct)
    slot->file_index = IORING_FILE_INDEX_ALLOC;
  else
    slot->accept_flags = SOCK_CLOEXEC;
}

static void read_from(struct ring_server *state, int connection) {
  struct io_uring_sqe *slot = next(state, IORING_OP_RECV, READ, connection);
  slot->addr = (uint64_t)state->message[connection];
  slot->len = LAB_MESSAGE_BYTES;
}

static void close_later(struct ring_server *state, int connection) {
  struct io_uring_sqe *slot = next(state, IORING_OP_CLOSE, CLOSE, connection);
  slot->flags = IOSQE_CQE_SKIP_SUCCESS;
  if (state->server->direct) {
    slot->fd = 0;
    slot->file_index = (uint32_t)connection + 1;
  }
  state->server->closed++;
  state->open--;
}

// Writes the answer; the last one with the close linked behind it. Only a failure of these is worth a completion.
static void answer(struct ring_server *state, int connection) {
  struct lab_server *server = state->server;
  int last = ++state->answered[connection] == server->requests;
  struct io_uring_sqe *slot = next(state, IORING_OP_SEND, WRITE, connection);
  slot->addr = (uint64_t)state->message[connection];
  slot->len = LAB_MESSAGE_BYTES;
  slot->msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
  slot->flags |= IOSQE_CQE_SKIP_SUCCESS | (last ? IOSQE_IO_HARDLINK : IOSQE_IO_LINK);
  server->answered++;
  if (last)
    close_later(state, connection);
  else
    read_from(state, connection);
}

static int accepted(struct ring_server *state, const struct io_uring_cqe *completion) {
  int connection = completion->res;
  if (connection == -EINVAL) {
    state->listens = 0; // the listener was shut down
    return 1;
  }
  if (!(completion->flags & IORING_CQE_F_MORE))
    listen_on(state);
  if (connection < 0 || connection >= MOST_CONNECTIONS) {
    errno = connection < 0 ? -connection : EMFILE;
    return connection == -ECONNABORTED;
  }
  lab_server_accepted(state->server, connection);
  state->answered[connection] = 0;
  state->open++;
  read_from(state, connection);
  return 1;
}

// Takes one answer of the kernel's. Returns 0 with errno where the server cannot go on.
static int handle(struct ring_server *state, const struct io_uring_cqe *completion) {
  int connection = (int)(uint32_t)completion->user_data;
  switch ((enum step)(completion->user_data >> 32)) {
  case ACCEPT:
    return accepted(state, completion);
  case READ:
    if (completion->res == LAB_MESSAGE_BYTES) {
      answer(state, connection);
    } else if (completion->res != -ECANCELED) { // cancelled with the write before it, which was counted
      state->server->failed++;
      close_later(state, connection);
    }
    return 1;
  case WRITE: // only a failure comes here; behind the last answer the close goes on
    state->server->failed++;
    if (state->answered[connection] < state->server->requests)
      close_later(state, connection);
    return 1;
  case CLOSE:
    break;
  }
  errno = completion->res < 0 ? -completion->res : EIO;
  return 0;
}

static int run(struct ring_server *state) {
  const struct io_uring_cqe *completion;
  listen_on(state);
  lab_server_ready(state->server);
  while (state->listens || state->open > 0 || state->queue.filled > 0) {
    int waits = state->listens || state->open > 0;
    if (lab_uring_submit(&state->queue, waits ? 1 : 0) < 0 && errno != EINTR)
      return 0;
    while (lab_uring_room(&state->queue) >= 2 && (completion = lab_uring_peek(&state->queue)) != NULL) {
      if (!handle(state, completion))
        return 0;
      lab_uring_release(&state->queue);
    }
  }
  return 1;
}

static int use_own_table(struct ring_server *state) {
  struct io_uring_rsrc_register table = {.nr = MOST_CONNECTIONS, .flags = IORING_RSRC_REGISTER_SPARSE};
  return syscall(SYS_io_uring_register, state->queue.fd, IORING_REGISTER_FILES2, &table, sizeof table) == 0;
}

uint64_t lab_accept_uring(uint64_t iterations, uint64_t address) {
  struct ring_server *state = calloc(1, sizeof *state);
  uint64_t start = lab_now_ns();
  (void)iterations;
  if (state == NULL)
    return 0;
  state->server = (struct lab_server *)address;
  state->listens = 1;
  int opened = lab_uring_open(&state->queue, ENTRIES, COMPLETIONS) == 0;
  int served = opened && (!state->server->direct || use_own_table(state)) && run(state), reason = errno;
  uint64_t elapsed = lab_elapsed_ns(start);
  if (opened)
    lab_uring_close(&state->queue);
  free(state);
  errno = reason;
  return served ? elapsed : 0;
}
