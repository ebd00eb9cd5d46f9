// Injects live XDP frames as a C program would: one BPF_PROG_TEST_RUN call for many frames, nothing else. What the injector of
// lab/src/net/injector.ts is compared with. One iteration is one call.
#define _GNU_SOURCE
#include "ringside_kernel.h"
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

uint64_t lab_xdp_inject(uint64_t iterations, uint64_t program_fd, uint64_t frame, uint64_t frame_bytes, uint64_t frames,
                        uint64_t batch) {
  union bpf_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.test.prog_fd = (uint32_t)program_fd;
  attr.test.data_in = frame;
  attr.test.data_size_in = (uint32_t)frame_bytes;
  attr.test.repeat = (uint32_t)frames;
  attr.test.batch_size = (uint32_t)batch;
  attr.test.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    if (syscall(SYS_bpf, BPF_PROG_TEST_RUN, &attr, sizeof attr) < 0)
      return 0;
  }
  return lab_elapsed_ns(start);
}
