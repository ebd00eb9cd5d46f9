// What every sender in C shares: numbered packets, a batch a call. The twins of lab/src/paths/send.
#ifndef RINGSIDE_SEND_BATCH_H
#define RINGSIDE_SEND_BATCH_H

#include "ringside_kernel.h"
#include <errno.h>

// What a call did: packets that it took, and whether some still wait in memory of ours.
struct lab_sent {
  uint32_t packets;
  uint32_t waiting;
};

// A packet carries its number first, 8 bytes in network order, of which the upper half stays 0.
static inline void lab_write_number(uint8_t *at, uint32_t number) {
  at[4] = (uint8_t)(number >> 24);
  at[5] = (uint8_t)(number >> 16);
  at[6] = (uint8_t)(number >> 8);
  at[7] = (uint8_t)number;
}

// Whether a failed call only had no room at the moment.
static inline int lab_is_full(void) { return errno == EAGAIN || errno == ENOBUFS || errno == EINTR; }

#endif
