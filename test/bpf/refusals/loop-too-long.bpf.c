// A loop with an end, too far away.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	volatile __u32 sum = 0;

	for (__u32 i = 0; i < 2000000; i++)
		sum += i;
	return sum;
}

char LICENSE[] SEC("license") = "GPL";
