// Reads the byte behind the last one.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	return *(volatile __u8 *)data_end;
}

char LICENSE[] SEC("license") = "GPL";
