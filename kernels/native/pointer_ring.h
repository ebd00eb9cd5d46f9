// A ring of pointers in random order: each cache line holds the address of the next, so the CPU cannot fetch ahead
// and every step costs one whole access. How dear it is depends only on where the ring fits: L1, L2, L3 or memory.
#ifndef POINTER_RING_H
#define POINTER_RING_H

#include <stdint.h>

#define LINE_BYTES 64

struct line {
  struct line *next;
  char rest[LINE_BYTES - sizeof(struct line *)];
};

// Sattolo's shuffle links `count` lines (2 or more) into one cycle; a plain shuffle could leave several short ones.
static inline void link_ring(struct line *lines, uint64_t count) {
  uint64_t random = 88172645463325252u;
  for (uint64_t i = 0; i < count; i++) {
    lines[i].next = &lines[i];
  }
  for (uint64_t i = count - 1; i > 0; i--) {
    random ^= random << 13, random ^= random >> 7, random ^= random << 17;
    uint64_t j = random % i;
    struct line *other = lines[j].next;
    lines[j].next = lines[i].next;
    lines[i].next = other;
  }
}

static inline struct line *walk_ring(struct line *at, uint64_t steps) {
  for (uint64_t i = 0; i < steps; i++) {
    at = at->next;
  }
  return at;
}

#endif
