// Counts every packet and its bytes, then returns the verdict that was chosen
// at load, so one program can count under drop and under pass.

#include "count.h"

/* One of enum xdp_action, set before the program is loaded. */
const volatile __u32 verdict = XDP_DROP;

SEC("xdp")
int count(struct xdp_md *ctx)
{
	return counted(ctx, verdict);
}

char LICENSE[] SEC("license") = "GPL";
