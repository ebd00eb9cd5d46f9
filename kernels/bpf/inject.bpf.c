// The lab's packet source. Test-run calls this program with live frames; it
// sends each one out of the interface `target`, so the frame comes in at that
// interface's peer as if from a wire: no socket, no skb, no sending process.
// Frames are recycled and not rewritten between rounds, except for one number
// where the loader asked for it: then a receiver can tell which frames it got.
// At a set rate a frame that is not due goes back to test-run: see pace.h.

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "pace.h"

/* Interface index, set before the program is loaded. */
const volatile __u32 target = 0;

/*
 * Byte of the frame where its number goes, as a u64 in network order. 0 is for
 * frames without: the verifier knows the value and leaves the code out.
 */
const volatile __u32 sequence_at = 0;

/* The next frame's number. One thread injects, so no two CPUs meet here. */
__u64 next_sequence = 0;

/* Frames that went: what was offered, as the kernel counted it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} offered SEC(".maps");

static __always_inline void number(struct xdp_md *ctx)
{
	__u64 *at = (void *)(long)ctx->data + sequence_at;

	if ((void *)(at + 1) <= (void *)(long)ctx->data_end)
		*at = bpf_cpu_to_be64(next_sequence++);
}

SEC("xdp")
int inject(struct xdp_md *ctx)
{
	__u32 first = 0;
	__u64 *count = bpf_map_lookup_elem(&offered, &first);

	if (!may_go())
		return XDP_DROP;
	if (count)
		(*count)++;
	if (sequence_at)
		number(ctx);
	return bpf_redirect(target, 0);
}

char LICENSE[] SEC("license") = "GPL";
