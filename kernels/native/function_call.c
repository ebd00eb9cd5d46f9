// The cheapest way to have something done elsewhere: a call to a function that does nothing. The compiler would
// remove it, so `noinline` and an empty assembler statement keep it.
#include "ringside_kernel.h"

__attribute__((noinline)) static void nothing(void) { __asm__ volatile(""); }

uint64_t lab_function_call(uint64_t iterations) {
  uint64_t start = lab_now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    nothing();
  }
  return lab_elapsed_ns(start);
}
