// As count.bpf.c, and keeps for each packet of the load how long it took to come
// here. A program of its own, so that counting alone pays nothing for a clock.

#include "count.h"
#include "latency.h"

/* One of enum xdp_action, set before the program is loaded. */
const volatile __u32 verdict = XDP_DROP;

SEC("xdp")
int count_timed(struct xdp_md *ctx)
{
	keep_latency(ctx);
	return counted(ctx, verdict);
}

char LICENSE[] SEC("license") = "GPL";
