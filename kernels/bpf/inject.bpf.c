// The lab's packet source. Test-run calls this program with live frames; it
// sends each one out of the interface `target`, so the frame comes in at that
// interface's peer as if from a wire: no socket, no skb, no sending process.
// Frames are recycled and not rewritten between rounds.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* Interface index, set before the program is loaded. */
const volatile __u32 target = 0;

/* How often the program ran: what was offered, as the kernel counted it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} offered SEC(".maps");

SEC("xdp")
int inject(struct xdp_md *ctx)
{
	__u32 first = 0;
	__u64 *count = bpf_map_lookup_elem(&offered, &first);

	if (count)
		(*count)++;
	return bpf_redirect(target, 0);
}

char LICENSE[] SEC("license") = "GPL";
