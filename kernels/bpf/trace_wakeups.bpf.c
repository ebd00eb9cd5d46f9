// Counts wake-ups of watched threads by CPU pair: on which CPU somebody woke the thread, and on which it then ran. A
// wake-up across is an interrupt to another CPU, and a cache that has to be fetched from there.

#include "trace_kernel_types.h"
#include "trace_watched.h"

struct wakeup_key {
	__u32 window;
	__u32 waker; // CPU
	__u32 runner; // CPU
};

struct wakeup_count {
	__u64 wakeups;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct wakeup_key);
	__type(value, struct wakeup_count);
} wakeup_counts SEC(".maps");

// CPU of the last wake-up of each thread that has not run since.
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
} woken_by SEC(".maps");

// Runs on the CPU of whoever wakes (kernel/sched/core.c, try_to_wake_up).
SEC("tp_btf/sched_waking")
int BPF_PROG(thread_woken, struct task_struct *sleeper)
{
	__u32 tid = sleeper->pid, cpu = bpf_get_smp_processor_id();
	if (!window.open || !is_watched(tid, sleeper->tgid))
		return 0;
	if (bpf_map_update_elem(&woken_by, &tid, &cpu, BPF_ANY))
		add((__u64 *)&window.lost, 1);
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(thread_ran, _Bool preempted, struct task_struct *leaving, struct task_struct *coming)
{
	__u32 tid = coming->pid;
	__u32 *waker = window.open ? bpf_map_lookup_elem(&woken_by, &tid) : 0;
	if (!waker)
		return 0;
	struct wakeup_key key = {.window = window.open, .waker = *waker, .runner = bpf_get_smp_processor_id()};
	struct wakeup_count fresh = {};
	struct wakeup_count *count = entry_of(&wakeup_counts, &key, &fresh);
	bpf_map_delete_elem(&woken_by, &tid);
	if (count)
		add(&count->wakeups, 1);
	return 0;
}
