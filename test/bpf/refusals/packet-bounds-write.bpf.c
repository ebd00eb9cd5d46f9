// Proves 14 bytes, and writes the fifteenth.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	unsigned char *bytes = data;

	if (data + 14 > data_end)
		return XDP_DROP;
	bytes[14] = 0;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
