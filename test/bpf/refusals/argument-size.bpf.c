// Hands a helper 8 bytes of the stack and calls them 64.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 sums[2] = {1, 2};

	return bpf_csum_diff(0, 0, sums, 64, 0);
}

char LICENSE[] SEC("license") = "GPL";
