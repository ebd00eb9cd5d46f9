// Sends packets from an AF_XDP tx ring, 32 at a time, which is what the kernel sends in one call in copy mode, and takes
// their frames back from the completion ring: the C twin of the TypeScript loop in
// lab/src/measure/experiments/af-xdp-loops.ts, over the same rings. `iterations` are bursts of 32 packets.
#include "ringside_kernel.h"
#include "xsk_rings.h"
#include <errno.h>
#include <sys/socket.h>

#define PACKET_BYTES 60
#define MOST_KICKS 1000000u

uint64_t lab_xsk_transmit(uint64_t iterations, uint64_t address) {
  struct lab_xsk *xsk = (struct lab_xsk *)address;
  struct xdp_desc *descriptors = xsk->tx.slots;
  uint32_t tx = *xsk->tx.producer;
  uint32_t completed = *xsk->completion.consumer;
  uint64_t start = lab_now_ns();
  for (uint64_t burst = 0; burst < iterations; burst++) {
    for (uint32_t i = 0; i < LAB_TX_FRAMES; i++)
      descriptors[(tx + i) & xsk->mask] = (struct xdp_desc){.addr = xsk->tx_frames[i], .len = PACKET_BYTES};
    tx += LAB_TX_FRAMES;
    lab_publish(xsk->tx.producer, tx);
    uint32_t kicks = 0;
    while (lab_seen(xsk->completion.producer) - completed < LAB_TX_FRAMES) {
      sendto((int)xsk->fd, 0, 0, MSG_DONTWAIT, 0, 0);
      if (++kicks > MOST_KICKS) {
        errno = ETIMEDOUT;
        return 0;
      }
    }
    completed += LAB_TX_FRAMES;
    lab_publish(xsk->completion.consumer, completed);
  }
  return lab_elapsed_ns(start);
}
