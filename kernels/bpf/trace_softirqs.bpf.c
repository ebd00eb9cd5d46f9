// Counts softirqs by CPU and kind, over the whole machine: where the kernel's own half of the network's work was done.

#include "trace_window.h"

struct softirq_key {
	__u32 window;
	__u32 cpu;
	__u32 vector; // enum in include/linux/interrupt.h: 2 NET_TX, 3 NET_RX, ...
};

struct softirq_count {
	__u64 runs;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct softirq_key);
	__type(value, struct softirq_count);
} softirq_counts SEC(".maps");

SEC("tp_btf/softirq_entry")
int BPF_PROG(softirq_ran, unsigned int vector)
{
	if (!window.open)
		return 0;
	struct softirq_key key = {.window = window.open, .cpu = bpf_get_smp_processor_id(), .vector = vector};
	struct softirq_count fresh = {};
	struct softirq_count *count = entry_of(&softirq_counts, &key, &fresh);
	if (count)
		add(&count->runs, 1);
	return 0;
}
