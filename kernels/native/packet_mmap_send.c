// Sends from a PACKET_MMAP ring (TPACKET_V2), one system call a batch: the C twin of lab/src/paths/send/packet-mmap-send.ts, over
// the same ring.
#include "send_batch.h"
#include <linux/if_packet.h>
#include <sys/socket.h>

#define NUMBER_AT 42 // behind the Ethernet, IPv4 and UDP headers of the frame that lies in every slot

// One u64 each, as the TypeScript side passes them; the last two are the loop's own, 0 at first.
struct lab_frames {
  uint64_t fd;
  uint8_t *memory;
  uint64_t slot_bytes;
  uint64_t slots;
  uint64_t frame_bytes;
  uint64_t next;
  uint64_t waiting; // whether the last call left something in the ring
};

static struct tpacket2_hdr *slot_of(const struct lab_frames *ring, uint64_t cursor) {
  return (struct tpacket2_hdr *)(ring->memory + cursor % ring->slots * ring->slot_bytes);
}

// Whether the next `count` slots are ours. -1 with errno where the kernel refused the frame of one of them.
static int has_room(const struct lab_frames *ring, uint64_t count) {
  for (uint64_t i = 0; i < count; i++) {
    uint32_t status = __atomic_load_n(&slot_of(ring, ring->next + i)->tp_status, __ATOMIC_ACQUIRE);
    if (status & TP_STATUS_WRONG_FORMAT) {
      errno = EINVAL;
      return -1;
    }
    if (status & (TP_STATUS_SEND_REQUEST | TP_STATUS_SENDING))
      return 0;
  }
  return 1;
}

uint64_t lab_packet_mmap_send(uint64_t iterations, uint64_t address, uint64_t first, uint64_t count, uint64_t sent) {
  struct lab_frames *ring = (struct lab_frames *)address;
  uint64_t start = lab_now_ns();
  int room = has_room(ring, count);
  (void)iterations;
  if (room < 0)
    return 0;
  if (room == 0)
    count = 0;
  for (uint64_t i = 0; i < count; i++) {
    struct tpacket2_hdr *slot = slot_of(ring, ring->next + i);
    lab_write_number((uint8_t *)slot + TPACKET2_HDRLEN - sizeof(struct sockaddr_ll) + NUMBER_AT, (uint32_t)(first + i));
    slot->tp_len = (uint32_t)ring->frame_bytes;
    __atomic_store_n(&slot->tp_status, TP_STATUS_SEND_REQUEST, __ATOMIC_RELEASE);
  }
  ring->next += count;
  if (count > 0 || ring->waiting || room == 0) {
    int done = send((int)ring->fd, NULL, 0, MSG_DONTWAIT) >= 0;
    if (!done && !lab_is_full())
      return 0;
    ring->waiting = !done;
  }
  *(struct lab_sent *)sent = (struct lab_sent){.packets = (uint32_t)count, .waiting = (uint32_t)ring->waiting};
  return lab_elapsed_ns(start);
}
