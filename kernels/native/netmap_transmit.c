// Sends by a netmap port over AF_XDP's rings, one system call a sync: the C twin of lab/src/paths/send/netmap-transmit.ts.
#include "netmap_rings.h"
#include "send_batch.h"

#define NUMBER_AT 42 // behind the Ethernet, IPv4 and UDP headers of the frame that lies in every buffer

static void write_slots(struct lab_netmap *port, uint32_t frame_bytes, uint32_t first, uint32_t count) {
  struct lab_netmap_ring *tx = &port->tx;
  uint32_t slot = tx->head;
  for (uint32_t i = 0; i < count; i++) {
    lab_write_number(lab_netmap_packet(port, &tx->slots[slot]) + NUMBER_AT, first + i);
    tx->slots[slot].len = frame_bytes;
    slot = lab_netmap_next(port, slot);
  }
  tx->head = tx->cur = slot;
}

// With a count of 0 it asks for what the calls before have left: the kernel takes 32 frames a call, and a sync with nothing new
// wakes nobody.
uint64_t lab_netmap_transmit(uint64_t iterations, uint64_t address, uint64_t frame_bytes, uint64_t first,
                             uint64_t count, uint64_t sent) {
  struct lab_netmap *port = lab_netmap_open(address);
  uint64_t start = lab_now_ns();
  int failed = 0;
  (void)iterations;
  if (count == 0)
    failed = lab_xsk_kick(port->xsk) < 0;
  if (lab_netmap_space(port, &port->tx) < count)
    failed |= lab_netmap_tx_sync(port, 1) < 0;
  if (lab_netmap_space(port, &port->tx) < count)
    count = 0;
  write_slots(port, (uint32_t)frame_bytes, (uint32_t)first, (uint32_t)count);
  failed |= lab_netmap_tx_sync(port, 1) < 0;
  if (failed)
    return 0;
  *(struct lab_sent *)sent = (struct lab_sent){
      .packets = (uint32_t)count, .waiting = lab_netmap_space(port, &port->tx) != port->num_slots - 1};
  return lab_elapsed_ns(start);
}
