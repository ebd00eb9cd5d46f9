// Takes a number for an address.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	return *(volatile __u8 *)(long)ctx->rx_queue_index;
}

char LICENSE[] SEC("license") = "GPL";
