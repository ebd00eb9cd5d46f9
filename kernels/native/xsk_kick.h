// Making the kernel send what lies in an AF_XDP tx ring, and turning a frame around: what every sender and forwarder in C needs.
#ifndef RINGSIDE_XSK_KICK_H
#define RINGSIDE_XSK_KICK_H

#include "xsk_rings.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

// One system call, if the kernel asked to be woken; else it is at it already. The fence keeps that question behind the cursor that was
// published. Returns 1 where the tx ring is empty now, 0 where the kernel stopped early (in copy mode after 32 frames), -1 with errno.
static inline int lab_xsk_kick(const struct lab_xsk *xsk) {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  if (!(__atomic_load_n(xsk->tx_flags, __ATOMIC_RELAXED) & XDP_RING_NEED_WAKEUP))
    return 1;
  if (sendto((int)xsk->fd, NULL, 0, MSG_DONTWAIT, NULL, 0) >= 0)
    return 1;
  return errno == EAGAIN || errno == EBUSY || errno == ENOBUFS ? 0 : -1;
}

// The same until the ring is empty, at most `most` times. Returns 0, or -1 with errno.
static inline int lab_xsk_kick_all(const struct lab_xsk *xsk, uint32_t most) {
  int done = 0;
  for (uint32_t kicks = 0; kicks < most && done == 0; kicks++)
    done = lab_xsk_kick(xsk);
  return done < 0 ? -1 : 0;
}

static inline uint32_t lab_xsk_room(const struct lab_xsk *xsk, const struct lab_ring *ring) {
  return (uint32_t)xsk->mask + 1 - (*ring->producer - lab_seen(ring->consumer));
}

// Swaps the two addresses of an Ethernet header, as everyone does who sends a frame back.
static inline void lab_swap_macs(uint8_t *frame) {
  uint8_t destination[6];
  memcpy(destination, frame, 6);
  memcpy(frame, frame + 6, 6);
  memcpy(frame + 6, destination, 6);
}

#endif
