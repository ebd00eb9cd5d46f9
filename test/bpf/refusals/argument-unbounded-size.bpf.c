// Hands a helper a size out of the packet.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u32 sums[2] = {1, 2};
	__u32 *words = data;

	if (data + 4 > data_end)
		return XDP_DROP;
	return bpf_csum_diff(0, 0, sums, words[0], 0);
}

char LICENSE[] SEC("license") = "GPL";
