// Calls a helper that asks for a licence compatible with the GPL.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	bpf_printk("hello");
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Proprietary";
