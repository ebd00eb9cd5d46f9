// Two functions whose stacks together are too large.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

static __attribute__((noinline)) int inner(int first)
{
	volatile char more[256];

	more[first & 255] = first;
	return more[first & 127];
}

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	volatile char bytes[320];
	int first = ctx->rx_queue_index;

	bytes[first & 255] = first;
	return inner(first) + bytes[first & 127];
}

char LICENSE[] SEC("license") = "GPL";
