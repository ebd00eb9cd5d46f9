// Where the rings of one AF_XDP socket lie in this process, as the TypeScript side passes them: one u64 each, in this order.
// Cursors count for ever; a slot is cursor & mask.
#ifndef RINGSIDE_XSK_RINGS_H
#define RINGSIDE_XSK_RINGS_H

#include <linux/if_xdp.h>
#include <stdint.h>

#define LAB_TX_FRAMES 32

struct lab_ring {
  uint32_t *producer;
  uint32_t *consumer;
  void *slots;
};

struct lab_xsk {
  uint64_t fd;
  uint64_t mask;
  uint64_t frame_mask; // a frame's start is addr & frame_mask
  uint8_t *umem;
  struct lab_ring fill;
  struct lab_ring rx;
  struct lab_ring tx;
  struct lab_ring completion;
  const uint32_t *tx_flags; // XDP_RING_NEED_WAKEUP while the kernel sleeps on the tx ring
  uint64_t tx_frames[LAB_TX_FRAMES];
};

// What the other side published, with everything it wrote before.
static inline uint32_t lab_seen(const uint32_t *cursor) { return __atomic_load_n(cursor, __ATOMIC_ACQUIRE); }

// Publishes what was written so far.
static inline void lab_publish(uint32_t *cursor, uint32_t value) { __atomic_store_n(cursor, value, __ATOMIC_RELEASE); }

#endif
