// Sends every packet on to another interface, as a router's fast path would. The
// target sits in a devmap. Frames leave in bulk at the end of a NAPI poll, so
// what the target refuses then is not this program's to know: it shows only in
// the refusals of the interface that they left from.

#include "count.h"

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} target SEC(".maps");

SEC("xdp")
int redirect(struct xdp_md *ctx)
{
	return counted(ctx, bpf_redirect_map(&target, 0, XDP_ABORTED));
}

char LICENSE[] SEC("license") = "GPL";
