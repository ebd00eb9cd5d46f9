// Opens connections at intended times, whether or not the ones before have ended (an open loop), sends questions and reads answers on each,
// and notes for every one how long it took from the time it was *intended* to start. With an interval of 0 the next connection starts as soon
// as one of `window` places is free. Whatever fails is counted by its errno; nothing is dropped silently.
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MESSAGE_BYTES 64
#define EVENTS 128
#define ERRNOS 256
#define MOST_WINDOW 4096

// One u64 each, as lab/src/connections/load.ts lays them out.
struct lab_load {
  struct sockaddr_in *server;
  uint64_t connections;
  uint64_t interval_ns;
  uint64_t window;
  uint64_t requests;
  uint64_t patience_ms; // after so long without an event, what is open has timed out
  uint64_t *latencies_ns; // by connection, 0 where it failed
  uint64_t completed;
  uint64_t answers;
  uint64_t late;      // started more than an interval after its time, because no place was free or we were not there
  uint64_t most_open;
  uint64_t errors[ERRNOS]; // connections that failed, by errno
};

struct connection {
  int fd; // -1: free
  int sent;
  uint64_t number, intended_ns;
  uint64_t bytes;
};

struct state {
  struct lab_load *load;
  int waker;
  uint64_t start_ns, started, finished, open;
  struct connection places[MOST_WINDOW];
  uint32_t free[MOST_WINDOW];
  uint32_t free_count;
};

static void finish(struct state *state, struct connection *connection, int error) {
  struct lab_load *load = state->load;
  if (connection->fd >= 0)
    close(connection->fd);
  connection->fd = -1;
  state->free[state->free_count++] = (uint32_t)(connection - state->places);
  state->open--;
  state->finished++;
  if (error == 0) {
    load->completed++;
    return;
  }
  load->latencies_ns[connection->number] = 0;
  load->errors[error < ERRNOS ? error : 0]++;
}

// Sends the next question. Returns 0, or an errno; EAGAIN while the connection is not there yet.
static int ask(struct connection *connection) {
  static const char message[MESSAGE_BYTES];
  if (send(connection->fd, message, sizeof message, MSG_NOSIGNAL) == MESSAGE_BYTES) {
    connection->sent = 1;
    return 0;
  }
  return errno;
}

static int watch(struct state *state, struct connection *connection, int change) {
  struct epoll_event event = {.events = connection->sent ? EPOLLIN : EPOLLOUT, .data.ptr = connection};
  return epoll_ctl(state->waker, change, connection->fd, &event) < 0 ? errno : 0;
}

static void begin(struct state *state, uint64_t intended_ns) {
  struct connection *connection = &state->places[state->free[--state->free_count]];
  *connection = (struct connection){.number = state->started++, .intended_ns = intended_ns};
  if (++state->open > state->load->most_open)
    state->load->most_open = state->open;
  connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (connection->fd < 0) {
    finish(state, connection, errno);
    return;
  }
  int refused = connect(connection->fd, (struct sockaddr *)state->load->server, sizeof *state->load->server);
  if (refused < 0 && errno != EINPROGRESS) {
    finish(state, connection, errno);
    return;
  }
  int error = ask(connection);
  if (error == 0 || error == EAGAIN)
    error = watch(state, connection, EPOLL_CTL_ADD);
  if (error != 0)
    finish(state, connection, error);
}

// Starts what is due. Returns the nanoseconds until the next start, 0 where there is none to wait for.
static uint64_t begin_due(struct state *state) {
  struct lab_load *load = state->load;
  while (state->started < load->connections && state->free_count > 0) {
    uint64_t now = lab_now_ns();
    uint64_t due = load->interval_ns == 0 ? now : state->start_ns + state->started * load->interval_ns;
    if (due > now)
      return due - now;
    if (load->interval_ns > 0 && now - due > load->interval_ns)
      load->late++;
    begin(state, due);
  }
  return 0;
}

// Reads what has come. Returns 1 at the end of the connection, 0 while there is more to come, -1 with errno.
static int take(struct state *state, struct connection *connection) {
  struct lab_load *load = state->load;
  char bytes[4096];
  ssize_t length = recv(connection->fd, bytes, sizeof bytes, 0);
  if (length < 0)
    return errno == EAGAIN ? 0 : -1;
  if (length == 0) {
    errno = EPIPE; // the server closed before its last answer
    return connection->bytes == load->requests * MESSAGE_BYTES ? 1 : -1;
  }
  connection->bytes += (uint64_t)length;
  if (connection->bytes % MESSAGE_BYTES != 0)
    return 0;
  load->answers++;
  if (connection->bytes == load->requests * MESSAGE_BYTES) {
    load->latencies_ns[connection->number] = lab_now_ns() - connection->intended_ns;
    return 0; // the server closes first, so that its side keeps the TIME-WAIT
  }
  return (errno = ask(connection)) == 0 ? 0 : -1;
}

static void go_on(struct state *state, struct connection *connection) {
  int error = 0, ended = 0;
  if (!connection->sent) {
    error = ask(connection);
    if (error == EAGAIN)
      return;
    if (error == 0)
      error = watch(state, connection, EPOLL_CTL_MOD);
  } else {
    ended = take(state, connection);
    error = ended < 0 ? errno : 0;
  }
  if (error != 0 || ended == 1)
    finish(state, connection, error);
}

static void run(struct state *state) {
  struct epoll_event events[EVENTS];
  uint64_t patience_ns = state->load->patience_ms * 1000000;
  while (state->finished < state->load->connections) {
    uint64_t pause_ns = begin_due(state);
    if (state->finished == state->load->connections)
      return;
    uint64_t wait_ns = pause_ns > 0 && pause_ns < patience_ns ? pause_ns : patience_ns;
    struct timespec wait = {.tv_sec = (time_t)(wait_ns / 1000000000), .tv_nsec = (long)(wait_ns % 1000000000)};
    int ready = (int)syscall(SYS_epoll_pwait2, state->waker, events, EVENTS, &wait, NULL, 0);
    for (int i = 0; i < ready; i++)
      go_on(state, events[i].data.ptr);
    if (ready == 0 && pause_ns == 0) {
      for (uint32_t i = 0; i < state->load->window; i++)
        if (state->places[i].fd >= 0)
          finish(state, &state->places[i], ETIMEDOUT);
    }
  }
}

uint64_t lab_connect_load(uint64_t iterations, uint64_t address) {
  struct state *state = calloc(1, sizeof *state);
  (void)iterations;
  if (state == NULL)
    return 0;
  state->load = (struct lab_load *)address;
  for (uint32_t i = 0; i < state->load->window && i < MOST_WINDOW; i++) {
    state->places[i].fd = -1;
    state->free[state->free_count++] = i;
  }
  state->waker = epoll_create1(EPOLL_CLOEXEC);
  prctl(PR_SET_TIMERSLACK, 1); // wakes at the intended time, not up to 50 us after it
  state->start_ns = lab_now_ns();
  if (state->waker >= 0)
    run(state);
  uint64_t elapsed = state->waker < 0 ? 0 : lab_elapsed_ns(state->start_ns);
  int reason = errno;
  close(state->waker);
  free(state);
  errno = reason;
  return elapsed;
}
