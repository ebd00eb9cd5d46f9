// Receives as a program for netmap does: one sync, then a walk over the slots from `head` to `tail`. The C twin of
// lab/src/paths/netmap-port.ts, over the same rings.
#include "look_loop.h"
#include "netmap_rings.h"

static int look(void *path, uint32_t batch, struct lab_tally *tally) {
  struct lab_netmap *port = path;
  struct lab_netmap_ring *rx = &port->rx;
  lab_netmap_rx_sync(port);
  uint32_t count = lab_netmap_space(port, rx);
  if (count > batch)
    count = batch;
  uint32_t slot = rx->head;
  for (uint32_t i = 0; i < count; i++) {
    const struct lab_netmap_slot *packet = &rx->slots[slot];
    lab_take(tally, lab_netmap_packet(port, packet), packet->len);
    slot = lab_netmap_next(port, slot);
  }
  rx->head = rx->cur = slot;
  return (int)count;
}

uint64_t lab_netmap_port(uint64_t iterations, uint64_t address, uint64_t batch, uint64_t wait_ms, uint64_t sink) {
  struct lab_netmap *port = lab_netmap_open(address);
  return lab_look_loop(look, iterations, port, port->xsk->fd, batch, wait_ms, sink);
}
