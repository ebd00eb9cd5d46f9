// Moves the pointer by a number of the packet that has no upper bound.
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
	bytes += *(__u64 *)bytes;
	if ((void *)(bytes + 1) > data_end)
		return XDP_DROP;
	return *bytes;
}

char LICENSE[] SEC("license") = "GPL";
