// Adds to the packet atomically.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	if (data + 14 > data_end)
		return XDP_DROP;
	__sync_fetch_and_add((__u64 *)data, 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
