// Counts NAPI polls by device: how often the kernel asked a driver for packets, and how many it got. Work divided by
// polls is the batch that the softirq saw; a poll that used its whole budget will be asked again at once.

#include "trace_kernel_types.h"

#include <bpf/bpf_core_read.h>

struct napi_key {
	__u32 window;
	__u32 netns;
	__u32 ifindex;
};

struct napi_count {
	__u64 polls;
	__u64 work;
	__u64 empty_polls;
	__u64 full_polls;
	char device[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct napi_key);
	__type(value, struct napi_count);
} napi_counts SEC(".maps");

SEC("tp_btf/napi_poll")
int BPF_PROG(napi_polled, struct napi_struct *napi, int work, int budget)
{
	if (!window.open)
		return 0;
	struct net_device *device = BPF_CORE_READ(napi, dev);
	struct napi_key key = {
		.window = window.open,
		.netns = BPF_CORE_READ(device, nd_net.net, ns.inum),
		.ifindex = BPF_CORE_READ(device, ifindex),
	};
	struct napi_count fresh = {};
	BPF_CORE_READ_STR_INTO(&fresh.device, device, name);
	struct napi_count *count = entry_of(&napi_counts, &key, &fresh);
	if (!count)
		return 0;
	add(&count->polls, 1);
	add(&count->work, work);
	if (work == 0)
		add(&count->empty_polls, 1);
	if (work >= budget)
		add(&count->full_polls, 1);
	return 0;
}
