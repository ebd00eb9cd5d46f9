// Counts frames that an XDP program redirected to a device, and what became of them on the way there. Two tracepoints know:
// one speaks when the kernel finds that the device takes no redirected frames at all, the other when the device has
// answered for a batch. No counter of the device shows the first kind.

#include "trace_kernel_types.h"

struct redirect_key {
	__u32 window;
	__u32 netns; // where the program ran
	__u32 ifindex; // where it sent the frame
	__s32 error;
};

struct redirect_count {
	__u64 sent;
	__u64 lost;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct redirect_key);
	__type(value, struct redirect_count);
} redirect_counts SEC(".maps");

static __always_inline void count(const struct net_device *ran_on, __u32 ifindex, int error, __u64 sent, __u64 lost)
{
	struct redirect_key key = {
		.window = window.open,
		.netns = ran_on->nd_net.net->ns.inum,
		.ifindex = ifindex,
		.error = error < 0 ? error : 0,
	};
	struct redirect_count fresh = {};
	struct redirect_count *counted = entry_of(&redirect_counts, &key, &fresh);
	if (!counted)
		return;
	add(&counted->sent, sent);
	add(&counted->lost, lost);
}

SEC("tp_btf/xdp_redirect_err")
int BPF_PROG(redirect_failed, const struct net_device *ran_on, const void *program, const void *target, int error,
	     int map_type, __u32 map_id, __u32 index)
{
	if (window.open)
		count(ran_on, index, error, 0, 1);
	return 0;
}

SEC("tp_btf/xdp_devmap_xmit")
int BPF_PROG(batch_sent, const struct net_device *ran_on, const struct net_device *to, int sent, int drops, int error)
{
	if (window.open)
		count(ran_on, to->ifindex, error, sent, drops);
	return 0;
}
