// Every packet goes on to the stack, which makes an skb of it. What this costs
// beside no program at all is the cost of XDP itself.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
