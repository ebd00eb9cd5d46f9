// Reads behind the last field of the context.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	return ((volatile __u32 *)ctx)[6];
}

char LICENSE[] SEC("license") = "GPL";
