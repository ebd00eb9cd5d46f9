// Counts the packets that found the queue to another CPU full. No map, driver or
// program sees them: the redirect had succeeded, and the loss came later, in
// bulk. It is an object of its own, because every program that uses a cpumap must
// be of the same type as the first one.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Id of the cpumap to watch, set before the program is loaded. */
const volatile __u32 watched = 0;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} refused SEC(".maps");

SEC("tp_btf/xdp_cpumap_enqueue")
int BPF_PROG(trace_cpumap, __u32 map_id, __u32 processed, __u32 drops)
{
	__u32 first = 0;
	__u64 *count = bpf_map_lookup_elem(&refused, &first);

	if (count && map_id == watched)
		*count += drops;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
