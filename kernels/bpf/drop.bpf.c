// The shortest program there is: every packet ends here, before an skb exists.
// It counts nothing, so that its rate is the rate of dropping alone.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int drop(struct xdp_md *ctx)
{
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
