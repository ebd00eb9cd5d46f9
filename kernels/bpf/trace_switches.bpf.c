// Counts how often a watched thread left its CPU: because it chose to wait, or because it was pushed off.

#include "trace_kernel_types.h"
#include "trace_watched.h"

struct switch_key {
	__u32 window;
	__u32 tid;
};

struct switch_count {
	__u64 voluntary;
	__u64 involuntary;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct switch_key);
	__type(value, struct switch_count);
} switch_counts SEC(".maps");

// The kernel's own rule (kernel/sched/core.c, __schedule): a thread that was not preempted and is no longer runnable
// left of its own will. It is what /proc/<pid>/status shows as voluntary_ctxt_switches.
SEC("tp_btf/sched_switch")
int BPF_PROG(thread_left, _Bool preempted, struct task_struct *leaving, struct task_struct *coming, unsigned int state)
{
	if (!window.open || !is_watched(leaving->pid, leaving->tgid))
		return 0;
	struct switch_key key = {.window = window.open, .tid = leaving->pid};
	struct switch_count fresh = {};
	struct switch_count *count = entry_of(&switch_counts, &key, &fresh);
	if (count)
		add(!preempted && state ? &count->voluntary : &count->involuntary, 1);
	return 0;
}
