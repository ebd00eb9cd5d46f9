// Sends packets from an AF_XDP tx ring, 32 at a time, which is what the kernel sends in one call in copy mode, and takes
// their frames back from the completion ring: the C twin of the TypeScript loop in
// lab/src/measure/experiments/af-xdp-loops.ts, over the same rings. It makes the same checks: for room in the ring, before each call
// whether the kernel asked for it, and after it what the kernel said. `iterations` are bursts of 32 packets.
#include "ringside_kernel.h"
#include "xsk_kick.h"

#define PACKET_BYTES 60
#define MOST_KICKS 1000000u

// Room for a burst; the kernel's cursor is looked at only where the last look shows too little.
static int has_room(const struct lab_xsk *xsk, uint32_t tx, uint32_t *seen) {
  if (xsk->mask + 1 - (tx - *seen) >= LAB_TX_FRAMES)
    return 1;
  *seen = lab_seen(xsk->tx.consumer);
  return xsk->mask + 1 - (tx - *seen) >= LAB_TX_FRAMES;
}

// Until the burst is done. Returns 0, or -1 with errno.
static int send_burst(const struct lab_xsk *xsk, uint32_t completed) {
  for (uint32_t kicks = 0; lab_seen(xsk->completion.producer) - completed < LAB_TX_FRAMES; kicks++) {
    if (kicks == MOST_KICKS) {
      errno = ETIMEDOUT;
      return -1;
    }
    if (lab_xsk_kick(xsk) < 0)
      return -1;
  }
  return 0;
}

uint64_t lab_xsk_transmit(uint64_t iterations, uint64_t address) {
  struct lab_xsk *xsk = (struct lab_xsk *)address;
  struct xdp_desc *descriptors = xsk->tx.slots;
  uint32_t tx = *xsk->tx.producer;
  uint32_t sent = lab_seen(xsk->tx.consumer);
  uint32_t completed = *xsk->completion.consumer;
  uint64_t start = lab_now_ns();
  for (uint64_t burst = 0; burst < iterations; burst++) {
    if (!has_room(xsk, tx, &sent)) {
      errno = ENOBUFS;
      return 0;
    }
    for (uint32_t i = 0; i < LAB_TX_FRAMES; i++)
      descriptors[(tx + i) & xsk->mask] = (struct xdp_desc){.addr = xsk->tx_frames[i], .len = PACKET_BYTES};
    tx += LAB_TX_FRAMES;
    lab_publish(xsk->tx.producer, tx);
    if (send_burst(xsk, completed) < 0)
      return 0;
    completed += LAB_TX_FRAMES;
    lab_publish(xsk->completion.consumer, completed);
  }
  return lab_elapsed_ns(start);
}
