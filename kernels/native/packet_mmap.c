// Receives from a ring of PACKET_MMAP blocks (TPACKET_V3): the C twin of lab/src/paths/packet-mmap.ts, over the same ring.
#include "look_loop.h"
#include <linux/if_packet.h>

// One u64 each, as the TypeScript side passes them; the last three are the loop's own, 0 at first.
struct lab_blocks {
  uint64_t fd;
  uint8_t *memory;
  uint64_t block_bytes;
  uint64_t blocks;
  uint64_t current;
  uint64_t left;
  uint8_t *next;
};

// Gives what waits to the tally, at most a batch. Returns how many packets.
static int take(void *path, uint32_t batch, struct lab_tally *tally) {
  struct lab_blocks *ring = path;
  struct tpacket_block_desc *block = (void *)(ring->memory + ring->current * ring->block_bytes);
  struct tpacket_hdr_v1 *header = &block->hdr.bh1;
  if (ring->left == 0) {
    if (!(__atomic_load_n(&header->block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
      return 0;
    ring->left = header->num_pkts;
    ring->next = (uint8_t *)block + header->offset_to_first_pkt;
  }
  uint32_t ready = ring->left < batch ? (uint32_t)ring->left : batch;
  for (uint32_t i = 0; i < ready; i++) {
    const struct tpacket3_hdr *packet = (const void *)ring->next;
    lab_take(tally, ring->next + packet->tp_mac, packet->tp_snaplen);
    ring->next += packet->tp_next_offset;
  }
  ring->left -= ready;
  if (ring->left == 0) {
    __atomic_store_n(&header->block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    ring->current = (ring->current + 1) % ring->blocks;
  }
  return (int)ready;
}

uint64_t lab_packet_mmap(uint64_t iterations, uint64_t address, uint64_t batch, uint64_t wait_ms, uint64_t sink) {
  struct lab_blocks *ring = (struct lab_blocks *)address;
  return lab_look_loop(take, iterations, ring, ring->fd, batch, wait_ms, sink);
}
