// Multiplies a pointer.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u64 place = (__u64)data;

	asm volatile("%0 *= 2" : "+r"(place));
	return *(__u8 *)place;
}

char LICENSE[] SEC("license") = "GPL";
