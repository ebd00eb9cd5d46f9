// Calls a helper for socket buffers, where there is none yet.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	char bytes[4];

	return bpf_skb_load_bytes(ctx, 0, bytes, sizeof(bytes));
}

char LICENSE[] SEC("license") = "GPL";
