// Writes what was declared const.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

const volatile __u32 limit = 3;

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	*(volatile __u32 *)&limit = 5;
	return limit;
}

char LICENSE[] SEC("license") = "GPL";
