// Writes to the context.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	ctx->rx_queue_index = 3;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
