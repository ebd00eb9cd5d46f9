// Takes packets out of an AF_XDP rx ring and gives their frames back, up to 64 at a time: the C twin of the TypeScript loop
// in lab/src/measure/experiments/af-xdp-loops.ts, over the same rings. It reads the EtherType of each packet.
#include "ringside_kernel.h"
#include "xsk_rings.h"
#include <errno.h>

#define BATCH 64
#define MOST_EMPTY_LOOKS 100000000u

uint64_t lab_xsk_receive(uint64_t iterations, uint64_t address) {
  struct lab_xsk *xsk = (struct lab_xsk *)address;
  const struct xdp_desc *descriptors = xsk->rx.slots;
  uint64_t *refills = xsk->fill.slots;
  uint32_t rx = *xsk->rx.consumer;
  uint32_t fill = *xsk->fill.producer;
  uint64_t received = 0, types = 0, empty = 0;
  uint64_t start = lab_now_ns();
  while (received < iterations) {
    uint32_t ready = lab_seen(xsk->rx.producer) - rx;
    if (ready == 0) {
      if (++empty < MOST_EMPTY_LOOKS)
        continue;
      errno = ETIMEDOUT;
      return 0;
    }
    if (ready > BATCH)
      ready = BATCH;
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
