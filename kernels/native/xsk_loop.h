// Taking packets out of an AF_XDP rx ring and giving their frames back: the C twin of lab/src/paths/xdp-queue.ts, over the same
// rings. The programs that include it differ in what they do before they look and where nothing waits.
#ifndef RINGSIDE_XSK_LOOP_H
#define RINGSIDE_XSK_LOOP_H

#include "sink.h"
#include "xsk_rings.h"

// Gives what waits to the tally, at most a batch. Returns how many packets.
static inline int lab_xsk_take(void *path, uint32_t batch, struct lab_tally *tally) {
  struct lab_xsk *xsk = path;
  const struct xdp_desc *descriptors = xsk->rx.slots;
  uint64_t *refills = xsk->fill.slots;
  uint32_t rx = *xsk->rx.consumer;
  uint32_t fill = *xsk->fill.producer;
  uint32_t ready = lab_seen(xsk->rx.producer) - rx;
  if (ready > batch)
    ready = batch;
  // The kernel shows packets a moment before it gives their fill slots back.
  if (ready == 0 || xsk->mask + 1 - (fill - lab_seen(xsk->fill.consumer)) < ready)
    return 0;
  for (uint32_t i = 0; i < ready; i++) {
    const struct xdp_desc *packet = &descriptors[(rx + i) & xsk->mask];
    lab_take(tally, xsk->umem + packet->addr, packet->len);
    refills[(fill + i) & xsk->mask] = packet->addr & xsk->frame_mask;
  }
  lab_publish(xsk->fill.producer, fill + ready);
  lab_publish(xsk->rx.consumer, rx + ready);
  return (int)ready;
}

#endif
