// netmap's interface over AF_XDP's rings, in C: the twin of lab/src/ring/netmap-port.ts, over the same rings of the same socket.
// Slots from `head` up to `tail` are the program's; a sync gives those before `head` to the kernel and takes up what it has done.
#ifndef RINGSIDE_NETMAP_RINGS_H
#define RINGSIDE_NETMAP_RINGS_H

#include "xsk_kick.h"

#define LAB_NS_BUF_CHANGED 1

struct lab_netmap_slot {
  uint32_t buf_idx, len, offset, flags;
  uint32_t known; // the buffer that the kernel takes the slot to have: a new one counts only with LAB_NS_BUF_CHANGED
};

struct lab_netmap_ring {
  struct lab_netmap_slot *slots;
  uint32_t head, cur, tail;
  uint32_t done; // `head` at the last sync
};

// The first two as the TypeScript side passes them, the rest zeroes at first; slots of both rings lie behind.
struct lab_netmap {
  struct lab_xsk *xsk;
  uint64_t num_slots;
  struct lab_netmap_ring rx, tx;
  struct lab_netmap_slot slots[];
};

// The port at `address`. JavaScript has put buffer i into the fill ring for each slot i of the receive ring.
static inline struct lab_netmap *lab_netmap_open(uint64_t address) {
  struct lab_netmap *port = (struct lab_netmap *)address;
  if (port->rx.slots != NULL)
    return port;
  uint32_t count = (uint32_t)port->num_slots;
  for (uint32_t buffer = 0; buffer < 2 * count; buffer++)
    port->slots[buffer] = (struct lab_netmap_slot){.buf_idx = buffer, .known = buffer};
  port->rx.slots = port->slots;
  port->tx.slots = port->slots + count;
  port->tx.tail = count - 1;
  return port;
}

static inline uint32_t lab_netmap_next(const struct lab_netmap *port, uint32_t slot) {
  return slot + 1 == port->num_slots ? 0 : slot + 1;
}

static inline uint32_t lab_netmap_distance(const struct lab_netmap *port, uint32_t from, uint32_t to) {
  return to < from ? to - from + (uint32_t)port->num_slots : to - from;
}

static inline uint32_t lab_netmap_space(const struct lab_netmap *port, const struct lab_netmap_ring *ring) {
  return lab_netmap_distance(port, ring->cur, ring->tail);
}

// Where in the umem a buffer begins, and where a slot's packet does.
static inline uint64_t lab_netmap_addr(const struct lab_netmap *port, uint32_t buffer) {
  return buffer * -port->xsk->frame_mask;
}

static inline uint8_t *lab_netmap_packet(const struct lab_netmap *port, const struct lab_netmap_slot *slot) {
  return port->xsk->umem + lab_netmap_addr(port, slot->buf_idx) + slot->offset;
}

static inline void lab_netmap_settle(struct lab_netmap_slot *slot) {
  if (slot->flags & LAB_NS_BUF_CHANGED)
    slot->known = slot->buf_idx;
  slot->flags = 0;
}

// Gives the buffers of the slots before `head` back, where the fill ring has room at the moment.
static inline void lab_netmap_offer(struct lab_netmap *port) {
  struct lab_netmap_ring *rx = &port->rx;
  struct lab_xsk *xsk = port->xsk;
  uint64_t *refills = xsk->fill.slots;
  uint32_t fill = *xsk->fill.producer;
  uint32_t returned = lab_netmap_distance(port, rx->done, rx->head);
  if (lab_xsk_room(xsk, &xsk->fill) < returned)
    return;
  for (uint32_t slot = rx->done; slot != rx->head; slot = lab_netmap_next(port, slot)) {
    lab_netmap_settle(&rx->slots[slot]);
    refills[fill++ & xsk->mask] = lab_netmap_addr(port, rx->slots[slot].known);
  }
  lab_publish(xsk->fill.producer, fill);
  rx->done = rx->head;
}

// NIOCRXSYNC: gives slots back, and takes up what has come.
static inline void lab_netmap_rx_sync(struct lab_netmap *port) {
  struct lab_netmap_ring *rx = &port->rx;
  struct lab_xsk *xsk = port->xsk;
  const struct xdp_desc *received = xsk->rx.slots;
  int shift = __builtin_ctzll(xsk->frame_mask);
  lab_netmap_offer(port);
  uint32_t first = *xsk->rx.consumer;
  uint32_t ready = lab_seen(xsk->rx.producer) - first;
  uint32_t room = (uint32_t)port->num_slots - 1 - lab_netmap_distance(port, rx->done, rx->tail);
  if (ready > room)
    ready = room;
  for (uint32_t i = 0; i < ready; i++) {
    const struct xdp_desc *packet = &received[(first + i) & xsk->mask];
    struct lab_netmap_slot *slot = &rx->slots[rx->tail];
    slot->known = slot->buf_idx = (uint32_t)(packet->addr >> shift);
    slot->offset = (uint32_t)(packet->addr & ~xsk->frame_mask);
    slot->len = packet->len;
    slot->flags = 0;
    rx->tail = lab_netmap_next(port, rx->tail);
  }
  lab_publish(xsk->rx.consumer, first + ready);
}

// Hands the slots before `head` to the kernel, where the tx ring has room for them. Returns how many.
static inline uint32_t lab_netmap_submit(struct lab_netmap *port) {
  struct lab_netmap_ring *tx = &port->tx;
  struct lab_xsk *xsk = port->xsk;
  struct xdp_desc *leaving = xsk->tx.slots;
  uint32_t first = *xsk->tx.producer;
  uint32_t count = lab_netmap_distance(port, tx->done, tx->head);
  if (count == 0 || lab_xsk_room(xsk, &xsk->tx) < count)
    return 0;
  for (uint32_t slot = tx->done; slot != tx->head; slot = lab_netmap_next(port, slot)) {
    struct lab_netmap_slot *packet = &tx->slots[slot];
    lab_netmap_settle(packet);
    leaving[first++ & xsk->mask] =
        (struct xdp_desc){.addr = lab_netmap_addr(port, packet->known) + packet->offset, .len = packet->len};
  }
  lab_publish(xsk->tx.producer, first);
  tx->done = tx->head;
  return count;
}

// NIOCTXSYNC: sends, by at most `most_kicks` system calls, and takes up the room of what was sent. Returns 0, or -1 with errno.
static inline int lab_netmap_tx_sync(struct lab_netmap *port, uint32_t most_kicks) {
  struct lab_netmap_ring *tx = &port->tx;
  struct lab_ring *completion = &port->xsk->completion;
  if (lab_netmap_submit(port) > 0 && lab_xsk_kick_all(port->xsk, most_kicks) < 0)
    return -1;
  uint32_t first = *completion->consumer;
  uint32_t sent = lab_seen(completion->producer) - first;
  lab_publish(completion->consumer, first + sent);
  tx->tail = (uint32_t)((tx->tail + sent) % port->num_slots);
  return 0;
}

#endif
