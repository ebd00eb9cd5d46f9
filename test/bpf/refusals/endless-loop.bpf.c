// A loop without an end.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u64 packets = 0;

	for (;;)
		asm volatile("%0 += 0" : "+r"(packets));
}

char LICENSE[] SEC("license") = "GPL";
