// Serves connections one after the other: accept, read and write until the last answer, close. Each of these is a system
// call, and while one connection is served all others wait in the listener's queue.
#include "accept_server.h"

uint64_t lab_accept_one_by_one(uint64_t iterations, uint64_t address) {
  struct lab_server *server = (struct lab_server *)address;
  uint64_t start = lab_now_ns();
  (void)iterations;
  lab_server_ready(server);
  for (;;) {
    int connection = accept4((int)server->listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0 && (errno == EINTR || errno == ECONNABORTED))
      continue;
    if (connection < 0)
      break;
    lab_server_accepted(server, connection);
    int answer = 1;
    for (uint64_t i = 0; i < server->requests && answer > 0; i++)
      answer = lab_answer(server, connection);
    lab_server_close(server, connection, answer <= 0);
  }
  return lab_is_shut_down() ? lab_elapsed_ns(start) : 0;
}
