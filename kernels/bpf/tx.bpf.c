// Sends every packet back where it came from, with the two MAC addresses
// swapped. On a veth the frame arrives only if the other end has NAPI, too.

#include <linux/if_ether.h>
#include "count.h"

SEC("xdp")
int tx(struct xdp_md *ctx)
{
	struct ethhdr *eth = (void *)(long)ctx->data;
	unsigned char source[ETH_ALEN];

	if ((void *)(eth + 1) > (void *)(long)ctx->data_end)
		return counted(ctx, XDP_ABORTED);
	__builtin_memcpy(source, eth->h_source, ETH_ALEN);
	__builtin_memcpy(eth->h_source, eth->h_dest, ETH_ALEN);
	__builtin_memcpy(eth->h_dest, source, ETH_ALEN);
	return counted(ctx, XDP_TX);
}

char LICENSE[] SEC("license") = "GPL";
