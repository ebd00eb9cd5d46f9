// Sends from an AF_XDP tx ring, one system call for up to 32 frames: the C twin of lab/src/paths/send/xdp-transmit.ts, over the
// same rings.
#include "send_batch.h"
#include "xsk_kick.h"

#define NUMBER_AT 42 // behind the Ethernet, IPv4 and UDP headers of the frame that lies in every slot of the umem

// One u64 each, as the TypeScript side passes them; `free` holds the addresses of frames that are ours, as a stack.
struct lab_xsk_sender {
  struct lab_xsk *xsk;
  uint64_t frame_bytes;
  uint64_t on_their_way;
  uint64_t free_count;
  uint64_t free[];
};

static void take_back(struct lab_xsk_sender *sender) {
  struct lab_ring *ring = &sender->xsk->completion;
  const uint64_t *sent = ring->slots;
  uint32_t first = *ring->consumer;
  uint32_t ready = lab_seen(ring->producer) - first;
  for (uint32_t i = 0; i < ready; i++)
    sender->free[sender->free_count++] = sent[(first + i) & sender->xsk->mask];
  lab_publish(ring->consumer, first + ready);
  sender->on_their_way -= ready;
}

static void write_frames(struct lab_xsk_sender *sender, uint32_t first, uint32_t count) {
  struct lab_xsk *xsk = sender->xsk;
  struct xdp_desc *leaving = xsk->tx.slots;
  uint32_t tx = *xsk->tx.producer;
  for (uint32_t i = 0; i < count; i++) {
    uint64_t addr = sender->free[--sender->free_count];
    lab_write_number(xsk->umem + addr + NUMBER_AT, first + i);
    leaving[(tx + i) & xsk->mask] = (struct xdp_desc){.addr = addr, .len = (uint32_t)sender->frame_bytes};
  }
  lab_publish(xsk->tx.producer, tx + count);
  sender->on_their_way += count;
}

uint64_t lab_xsk_send(uint64_t iterations, uint64_t address, uint64_t first, uint64_t count, uint64_t sent) {
  struct lab_xsk_sender *sender = (struct lab_xsk_sender *)address;
  uint64_t start = lab_now_ns();
  (void)iterations;
  if (sender->free_count < count)
    take_back(sender);
  if (sender->free_count < count || lab_xsk_room(sender->xsk, &sender->xsk->tx) < count) {
    *(struct lab_sent *)sent = (struct lab_sent){.waiting = 1};
    return lab_elapsed_ns(start);
  }
  write_frames(sender, (uint32_t)first, (uint32_t)count);
  int done = lab_xsk_kick(sender->xsk);
  if (done < 0)
    return 0;
  take_back(sender);
  *(struct lab_sent *)sent =
      (struct lab_sent){.packets = (uint32_t)count, .waiting = done == 0 || sender->on_their_way > 0};
  return lab_elapsed_ns(start);
}
