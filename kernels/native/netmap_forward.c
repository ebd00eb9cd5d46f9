// Forwards as netmap does: a slot of the receive ring and one of the transmit ring exchange their buffers, and no packet is copied. The C
// twin of lab/src/paths/netmap-forward.ts, over the same rings.
#include "look_loop.h"
#include "netmap_rings.h"

#define MOST_KICKS 64

// The packet at `rx.head` goes out by the slot at `tx.head`, whose empty buffer takes its place.
static void swap_slots(struct lab_netmap *port) {
  struct lab_netmap_ring *rx = &port->rx, *tx = &port->tx;
  struct lab_netmap_slot *from = &rx->slots[rx->head], *to = &tx->slots[tx->head];
  uint32_t empty = to->buf_idx;
  to->buf_idx = from->buf_idx;
  to->offset = from->offset;
  to->len = from->len;
  from->buf_idx = empty;
  from->flags = to->flags = LAB_NS_BUF_CHANGED;
  rx->head = rx->cur = lab_netmap_next(port, rx->head);
  tx->head = tx->cur = lab_netmap_next(port, tx->head);
}

static int look(void *path, uint32_t batch, struct lab_tally *tally) {
  struct lab_netmap *port = path;
  lab_netmap_rx_sync(port);
  uint32_t count = lab_netmap_space(port, &port->rx), room = lab_netmap_space(port, &port->tx);
  if (count > room)
    count = room;
  if (count > batch)
    count = batch;
  for (uint32_t i = 0; i < count; i++) {
    const struct lab_netmap_slot *packet = &port->rx.slots[port->rx.head];
    uint8_t *frame = lab_netmap_packet(port, packet);
    lab_take(tally, frame, packet->len);
    lab_swap_macs(frame);
    swap_slots(port);
  }
  int waits = lab_netmap_space(port, &port->tx) < port->num_slots - 1;
  if ((count > 0 || waits) && lab_netmap_tx_sync(port, MOST_KICKS) < 0)
    return -1;
  return (int)count;
}

uint64_t lab_netmap_forward(uint64_t iterations, uint64_t address, uint64_t batch, uint64_t wait_ms, uint64_t sink) {
  struct lab_netmap *port = lab_netmap_open(address);
  return lab_look_loop(look, iterations, port, port->xsk->fd, batch, wait_ms, sink);
}
