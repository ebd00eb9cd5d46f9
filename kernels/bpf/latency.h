// How programs of this folder keep what a packet took: from the moment at which
// it was due to be sent, which follows from its number, to the program's own look
// at the clock. The counters are those of LogHistogram in lab/src/stats, piece by
// piece, one set a CPU; lab/src/xdp/packet-times.ts reads them.

#ifndef LATENCY_H
#define LATENCY_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "numbers.h"

/* Pieces of a power of two, and times up to 2^36 ns, 69 s; what took longer is counted as that. */
#define PIECE_BITS 7
#define PIECES (1 << PIECE_BITS)
#define MOST_BITS 36
#define BUCKETS ((MOST_BITS - PIECE_BITS + 1) * PIECES)

/* When packets are due, written before each run. */
struct schedule {
	/* CLOCK_MONOTONIC, of the packet numbered `first`. */
	__u64 start_ns;
	__u64 first;
	/* In 2^-20 ns, so that a million of them are off by a nanosecond at most. */
	__u64 interval;
};

#define INTERVAL_BITS 20

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct schedule);
} schedule SEC(".maps");

struct latency_counts {
	__u64 bucket[BUCKETS];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct latency_counts);
} latencies SEC(".maps");

/* Floor of the logarithm to base 2, of 1 and more: this machine has no instruction for it. */
static __always_inline __u32 exponent_of(__u64 value)
{
	__u32 exponent = 0;

	for (__u32 half = 32; half > 0; half >>= 1) {
		if (value >> half) {
			value >>= half;
			exponent += half;
		}
	}
	return exponent;
}

static __always_inline __u32 bucket_of(__u64 ns)
{
	if (ns < PIECES)
		return ns;
	if (ns >> MOST_BITS)
		return BUCKETS - 1;
	__u32 shift = exponent_of(ns) - PIECE_BITS;

	return shift * PIECES + (ns >> shift);
}

/* Counts the time and the number of a packet of the load; one of nobody's, or of an earlier run, is left out. */
static __always_inline void keep_latency(struct xdp_md *ctx)
{
	__u64 now = bpf_ktime_get_ns();
	__u64 number;
	__u32 only = 0;
	struct schedule *run = bpf_map_lookup_elem(&schedule, &only);
	struct latency_counts *counts = bpf_map_lookup_elem(&latencies, &only);

	if (!run || !counts || !read_number(ctx, &number) || number < run->first)
		return;
	__u64 due = run->start_ns + (((number - run->first) * run->interval) >> INTERVAL_BITS);
	__u32 bucket = bucket_of(now > due ? now - due : 0);

	/* The compiler knows too well that the test below is always true: hide the value from it, for the verifier wants to see it. */
	asm volatile("" : "+r"(bucket));
	if (bucket < BUCKETS)
		counts->bucket[bucket]++;
	keep_number(number, run->first);
}

#endif
