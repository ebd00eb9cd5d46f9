// Hands each packet to the AF_XDP socket that is bound to the queue it came in
// on. A queue without a socket is no error to the kernel: the packet goes on to
// the stack and the reader waits for ever. So hits and misses are counted per
// queue, and a wrong queue shows at once.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAX_QUEUES 64

struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__uint(max_entries, MAX_QUEUES);
	__type(key, __u32);
	__type(value, __u32);
} xsks SEC(".maps");

struct queue_count {
	__u64 hits;
	__u64 misses;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, MAX_QUEUES);
	__type(key, __u32);
	__type(value, struct queue_count);
} queues SEC(".maps");

SEC("xdp")
int xsk_redirect(struct xdp_md *ctx)
{
	__u32 queue = ctx->rx_queue_index;
	struct queue_count *count = bpf_map_lookup_elem(&queues, &queue);
	void *socket = bpf_map_lookup_elem(&xsks, &queue);

	if (count) {
		if (socket)
			count->hits++;
		else
			count->misses++;
	}
	return bpf_redirect_map(&xsks, queue, XDP_PASS);
}

char LICENSE[] SEC("license") = "GPL";
