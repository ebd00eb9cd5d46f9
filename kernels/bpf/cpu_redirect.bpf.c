// Hands every packet to another CPU. A cpumap entry is a queue and a kernel
// thread on that CPU, and may have a program of its own, which is the second one
// here: it counts what has come and drops it; the third keeps the time, too. A packet that finds the queue full
// is lost in the bulk flush, after the first program has had its answer and the
// driver its count; trace_cpumap.bpf.c listens for those.

#include "count.h"
#include "latency.h"

/* Which CPU, set before the program is loaded. */
const volatile __u32 cpu = 0;

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} cpus SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tally);
} arrived SEC(".maps");

SEC("xdp")
int cpu_redirect(struct xdp_md *ctx)
{
	return counted(ctx, bpf_redirect_map(&cpus, cpu, XDP_ABORTED));
}

static __always_inline int arrive(struct xdp_md *ctx)
{
	__u32 first = 0;
	struct tally *tally = bpf_map_lookup_elem(&arrived, &first);

	if (tally) {
		tally->packets++;
		tally->bytes += ctx->data_end - ctx->data;
	}
	return XDP_DROP;
}

SEC("xdp/cpumap")
int on_other_cpu(struct xdp_md *ctx)
{
	return arrive(ctx);
}

SEC("xdp/cpumap")
int on_other_cpu_timed(struct xdp_md *ctx)
{
	keep_latency(ctx);
	return arrive(ctx);
}

char LICENSE[] SEC("license") = "GPL";
