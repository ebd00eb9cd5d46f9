// Takes packets out of an AF_XDP rx ring and gives their frames back, up to 64 at a time: the C twin of the TypeScript loop
// in lab/src/measure/experiments/af-xdp-loops.ts, over the same rings. It reads the EtherType of each packet.
#include "ringside_kernel.h"
#include "xsk_rings.h"
#include <errno.h>

#define BATCH 64
#define MOST_EMPTY_LOOKS 100000000u

// Room for the frames to give back; the kernel's cursor is looked at only where the last look shows too little. It shows packets a
// moment before it gives their fill slots back.
static int has_room(const struct lab_xsk *xsk, uint32_t fill, uint32_t count, uint32_t *seen) {
  if (xsk->mask + 1 - (fill - *seen) >= count)
    return 1;
  *seen = lab_seen(xsk->fill.consumer);
  return xsk->mask + 1 - (fill - *seen) >= count;
}

uint64_t lab_xsk_receive(uint64_t iterations, uint64_t address) {
  struct lab_xsk *xsk = (struct lab_xsk *)address;
  const struct xdp_desc *descriptors = xsk->rx.slots;
  uint64_t *refills = xsk->fill.slots;
  uint32_t rx = *xsk->rx.consumer;
  uint32_t fill = *xsk->fill.producer;
  uint32_t refilled = lab_seen(xsk->fill.consumer);
  uint64_t received = 0, types = 0, empty = 0;
  uint64_t start = lab_now_ns();
  while (received < iterations) {
    uint32_t ready = lab_seen(xsk->rx.producer) - rx;
    if (ready > BATCH)
      ready = BATCH;
    if (ready == 0 || !has_room(xsk, fill, ready, &refilled)) {
      if (++empty < MOST_EMPTY_LOOKS)
        continue;
      errno = ETIMEDOUT;
      return 0;
    }
    for (uint32_t i = 0; i < ready; i++) {
      uint64_t addr = descriptors[(rx + i) & xsk->mask].addr;
      types += (uint64_t)xsk->umem[addr + 12] << 8 | xsk->umem[addr + 13];
      refills[(fill + i) & xsk->mask] = addr & xsk->frame_mask;
    }
    fill += ready;
    rx += ready;
    lab_publish(xsk->fill.producer, fill);
    lab_publish(xsk->rx.consumer, rx);
    received += ready;
  }
  LAB_KEEP(types);
  return lab_elapsed_ns(start);
}
