// How programs of this folder check that numbered packets come once and in
// order: what the numbers of a run's packets come to, one set a CPU, as
// lab/src/paths/sink.ts keeps it for a program in user space. Exact where one
// CPU sees all packets of a run; lab/src/xdp/packet-times.ts reads them.

#ifndef NUMBERS_H
#define NUMBERS_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* In an Ethernet frame with IPv4, no options, and UDP. */
#define TYPE_AT 12
#define PROTOCOL_AT 23
#define NUMBER_AT 42
#define NUMBERED_BYTES 50

struct number_counts {
	/* Of all numbers less the run's first one: n packets without loss make n * (n - 1) / 2. */
	__u64 sum;
	/* Numbers that were skipped at first. */
	__u64 skipped;
	/* Packets that came after a later one, or twice. */
	__u64 behind;
	/* The number that is expected, and the first one of the run that it was expected in. */
	__u64 next;
	__u64 first;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct number_counts);
} numbers SEC(".maps");

/* Reads the number of a packet of the load; 0 where it is none of it. */
static __always_inline int read_number(struct xdp_md *ctx, __u64 *number)
{
	void *data = (void *)(long)ctx->data;

	if (data + NUMBERED_BYTES > (void *)(long)ctx->data_end)
		return 0;
	if (*(__be16 *)(data + TYPE_AT) != bpf_htons(ETH_P_IP) || *(__u8 *)(data + PROTOCOL_AT) != IPPROTO_UDP)
		return 0;
	*number = bpf_be64_to_cpu(*(__be64 *)(data + NUMBER_AT));
	return 1;
}

/* Takes the number of a packet, not below the first of its run, into the run's counts. */
static __always_inline void keep_number(__u64 number, __u64 first)
{
	__u32 only = 0;
	struct number_counts *counts = bpf_map_lookup_elem(&numbers, &only);

	if (!counts)
		return;
	if (counts->first != first) {
		counts->first = first;
		counts->next = first;
	}
	counts->sum += number - first;
	if (number >= counts->next) {
		counts->skipped += number - counts->next;
		counts->next = number + 1;
	} else {
		counts->behind++;
	}
}

#endif
