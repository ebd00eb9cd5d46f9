// AF_XDP in both directions, each frame sent from the memory that it came in: the C twin of lab/src/paths/xdp-forward.ts, over the
// same rings.
#include "look_loop.h"
#include "xsk_kick.h"

#define MOST_KICKS 64

// Frames that have left go back to the kernel, for the next packets.
static void take_back(struct lab_xsk *xsk, uint32_t batch) {
  const uint64_t *sent = xsk->completion.slots;
  uint64_t *refills = xsk->fill.slots;
  uint32_t completion = *xsk->completion.consumer;
  uint32_t fill = *xsk->fill.producer;
  uint32_t gone = lab_seen(xsk->completion.producer) - completion;
  if (gone > batch)
    gone = batch;
  if (gone == 0 || lab_xsk_room(xsk, &xsk->fill) < gone)
    return;
  for (uint32_t i = 0; i < gone; i++)
    refills[(fill + i) & xsk->mask] = sent[(completion + i) & xsk->mask] & xsk->frame_mask;
  lab_publish(xsk->fill.producer, fill + gone);
  lab_publish(xsk->completion.consumer, completion + gone);
}

static int look(void *path, uint32_t batch, struct lab_tally *tally) {
  struct lab_xsk *xsk = path;
  take_back(xsk, batch);
  const struct xdp_desc *received = xsk->rx.slots;
  struct xdp_desc *leaving = xsk->tx.slots;
  uint32_t rx = *xsk->rx.consumer;
  uint32_t tx = *xsk->tx.producer;
  uint32_t ready = lab_seen(xsk->rx.producer) - rx;
  if (ready > batch)
    ready = batch;
  if (ready == 0 || lab_xsk_room(xsk, &xsk->tx) < ready)
    return 0;
  for (uint32_t i = 0; i < ready; i++) {
    const struct xdp_desc *packet = &received[(rx + i) & xsk->mask];
    uint8_t *frame = xsk->umem + packet->addr;
    lab_take(tally, frame, packet->len);
    lab_swap_macs(frame);
    leaving[(tx + i) & xsk->mask] = (struct xdp_desc){.addr = packet->addr, .len = packet->len};
  }
  lab_publish(xsk->tx.producer, tx + ready);
  lab_publish(xsk->rx.consumer, rx + ready);
  return lab_xsk_kick_all(xsk, MOST_KICKS) < 0 ? -1 : (int)ready;
}

uint64_t lab_xsk_forward(uint64_t iterations, uint64_t address, uint64_t batch, uint64_t wait_ms, uint64_t sink) {
  struct lab_xsk *xsk = (struct lab_xsk *)address;
  return lab_look_loop(look, iterations, xsk, xsk->fd, batch, wait_ms, sink);
}
