// Serves many connections at once by epoll, as event-driven servers do: wait until something is ready, then one accept for the
// listener, one read and one write for each connection with a question. The wait is shared by all that is ready; every other step is a call.
#include "accept_server.h"
#include <sys/epoll.h>

#define EVENTS 64
#define MOST_CONNECTIONS 4096

struct server_state {
  struct lab_server *server;
  int waker;
  uint64_t open;
  int listens;
  uint32_t answered[MOST_CONNECTIONS]; // by descriptor
};

// Returns 0 where accept failed for a reason that no later call mends.
static int take_one(struct server_state *state) {
  struct lab_server *server = state->server;
  int connection = accept4((int)server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (connection < 0) {
    if (lab_is_shut_down()) {
      state->listens = 0;
      epoll_ctl(state->waker, EPOLL_CTL_DEL, (int)server->listener, NULL);
      return 1;
    }
    return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED;
  }
  lab_server_accepted(server, connection);
  if (connection >= MOST_CONNECTIONS) {
    lab_server_close(server, connection, 1);
    return 1;
  }
  struct epoll_event event = {.events = EPOLLIN, .data.fd = connection};
  state->answered[connection] = 0;
  state->open++;
  return epoll_ctl(state->waker, EPOLL_CTL_ADD, connection, &event) == 0;
}

static void serve(struct server_state *state, int connection) {
  int answer = lab_answer(state->server, connection);
  if (answer == 0 || (answer > 0 && ++state->answered[connection] < state->server->requests))
    return;
  lab_server_close(state->server, connection, answer < 0);
  state->open--;
}

static int run(struct server_state *state) {
  struct epoll_event events[EVENTS] = {{.events = EPOLLIN, .data.fd = (int)state->server->listener}};
  if (epoll_ctl(state->waker, EPOLL_CTL_ADD, (int)state->server->listener, events) < 0)
    return 0;
  lab_server_ready(state->server);
  while (state->listens || state->open > 0) {
    int ready = epoll_wait(state->waker, events, EVENTS, -1);
    if (ready < 0 && errno != EINTR)
      return 0;
    for (int i = 0; i < ready; i++) {
      if (events[i].data.fd != (int)state->server->listener)
        serve(state, events[i].data.fd);
      else if (!take_one(state))
        return 0;
    }
  }
  return 1;
}

uint64_t lab_accept_epoll(uint64_t iterations, uint64_t address) {
  struct server_state state = {.server = (struct lab_server *)address, .listens = 1};
  uint64_t start = lab_now_ns();
  (void)iterations;
  state.waker = epoll_create1(EPOLL_CLOEXEC);
  if (state.waker < 0)
    return 0;
  int served = run(&state), reason = errno;
  uint64_t elapsed = lab_elapsed_ns(start);
  close(state.waker);
  errno = reason;
  return served ? elapsed : 0;
}
