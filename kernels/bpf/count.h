// How programs of this folder count: packets and bytes by verdict, one pair a
// CPU, so that counting needs no lock. Read by readCounters() in lab/src/sys.

#ifndef COUNT_H
#define COUNT_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* XDP_ABORTED to XDP_REDIRECT */
#define VERDICTS 5

struct tally {
	__u64 packets;
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, VERDICTS);
	__type(key, __u32);
	__type(value, struct tally);
} verdicts SEC(".maps");

/* Counts one packet under its verdict, and gives the verdict back to return. */
static __always_inline int counted(struct xdp_md *ctx, __u32 verdict)
{
	struct tally *tally = bpf_map_lookup_elem(&verdicts, &verdict);

	if (tally) {
		tally->packets++;
		tally->bytes += ctx->data_end - ctx->data;
	}
	return verdict;
}

#endif
