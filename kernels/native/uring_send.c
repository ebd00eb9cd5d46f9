// Sends through an io_uring, a request for each packet and one system call for all of them: the C twin of
// lab/src/paths/send/io-uring-send.ts, over the same rings.
#include "send_batch.h"
#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <unistd.h>

// One u64 each, as the TypeScript side passes them.
struct lab_uring_sender {
  uint64_t fd;
  uint64_t socket;
  uint32_t *submissions_head;
  uint32_t *submissions_tail;
  struct io_uring_sqe *submissions;
  uint64_t submissions_mask;
  uint32_t *completions_head;
  uint32_t *completions_tail;
  struct io_uring_cqe *completions;
  uint64_t completions_mask;
  uint8_t *packets;
  uint64_t room_bytes; // from one packet to the next
  uint64_t bytes;      // of each
};

static void write_requests(const struct lab_uring_sender *uring, uint32_t first, uint32_t count) {
  uint32_t tail = *uring->submissions_tail;
  for (uint32_t i = 0; i < count; i++) {
    uint8_t *packet = uring->packets + i * uring->room_bytes;
    lab_write_number(packet, first + i);
    uring->submissions[(tail + i) & uring->submissions_mask] =
        (struct io_uring_sqe){.opcode = IORING_OP_SEND, .fd = (int)uring->socket, .addr = (uint64_t)packet,
                              .len = (uint32_t)uring->bytes, .user_data = i};
  }
  __atomic_store_n(uring->submissions_tail, tail + count, __ATOMIC_RELEASE);
}

// Takes the completions, at most `most`. Returns how many, or -1 with errno where a send failed.
static int take_answers(const struct lab_uring_sender *uring, uint32_t most) {
  uint32_t head = *uring->completions_head;
  uint32_t ready = __atomic_load_n(uring->completions_tail, __ATOMIC_ACQUIRE) - head;
  if (ready > most)
    ready = most;
  for (uint32_t i = 0; i < ready; i++) {
    int result = uring->completions[(head + i) & uring->completions_mask].res;
    if (result < 0) {
      errno = -result;
      return -1;
    }
  }
  __atomic_store_n(uring->completions_head, head + ready, __ATOMIC_RELEASE);
  return (int)ready;
}

uint64_t lab_uring_send(uint64_t iterations, uint64_t address, uint64_t first, uint64_t count, uint64_t sent) {
  const struct lab_uring_sender *uring = (const struct lab_uring_sender *)address;
  uint64_t start = lab_now_ns();
  uint32_t batch = (uint32_t)count;
  int packets = 0;
  (void)iterations;
  uint32_t waiting = *uring->submissions_tail - __atomic_load_n(uring->submissions_head, __ATOMIC_ACQUIRE);
  if (batch > 0 && waiting + batch <= uring->submissions_mask + 1) {
    write_requests(uring, (uint32_t)first, batch);
    syscall(SYS_io_uring_enter, (int)uring->fd, batch, batch, IORING_ENTER_GETEVENTS, NULL, 0);
    packets = take_answers(uring, batch);
  }
  if (packets < 0)
    return 0;
  *(struct lab_sent *)sent = (struct lab_sent){.packets = (uint32_t)packets};
  return lab_elapsed_ns(start);
}
