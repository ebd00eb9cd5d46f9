// Looks at an AF_XDP rx ring without pause for a while and records how long each look came after the one before: the time in
// which nobody was there for a packet. One iteration is one look; the gaps go into `buckets` with 32 pieces a power of two,
// as LogHistogram of lab/src/stats lays them out with 5 precision bits.
#include "ringside_kernel.h"
#include "xsk_rings.h"

#define PRECISION_BITS 5
#define PIECES (1u << PRECISION_BITS)

static inline uint32_t bucket_of(uint64_t gap_ns) {
  if (gap_ns < PIECES)
    return (uint32_t)gap_ns;
  uint32_t shift = 63u - (uint32_t)__builtin_clzll(gap_ns) - PRECISION_BITS;
  return shift * PIECES + (uint32_t)(gap_ns >> shift);
}

uint64_t lab_poll_gaps(uint64_t iterations, uint64_t address, uint64_t buckets) {
  const struct lab_xsk *xsk = (const struct lab_xsk *)address;
  uint64_t *counts = (uint64_t *)buckets;
  uint64_t start = lab_now_ns(), last = start;
  uint32_t packets = 0;
  for (uint64_t i = 0; i < iterations; i++) {
    packets += lab_seen(xsk->rx.producer) - *xsk->rx.consumer;
    uint64_t now = lab_now_ns();
    counts[bucket_of(now - last)]++;
    last = now;
  }
  LAB_KEEP(packets);
  return lab_elapsed_ns(start);
}
