// Counts entries into the kernel by thread and system call number, and how long each took until it came back. A call answered by the
// vDSO never enters, so it is not here; that absence is what notebook 11 shows.

#include "trace_watched.h"

struct syscall_key {
	__u32 window;
	__u32 tid;
	__u32 number;
};

struct syscall_count {
	__u64 calls;
	__u64 inside_ns;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct syscall_key);
	__type(value, struct syscall_count);
} syscall_counts SEC(".maps");

// Calls under way, by thread. One that never comes back (exit) makes room when the table is full.
struct entered {
	__u64 at_ns;
	struct syscall_key key;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, struct entered);
} under_way SEC(".maps");

SEC("tp_btf/sys_enter")
int BPF_PROG(syscall_entered, void *registers, long number)
{
	__u64 current = bpf_get_current_pid_tgid();
	if (!window.open || !is_watched((__u32)current, current >> 32))
		return 0;
	struct syscall_key key = {.window = window.open, .tid = (__u32)current, .number = number};
	struct syscall_count fresh = {};
	struct syscall_count *count = entry_of(&syscall_counts, &key, &fresh);
	if (!count)
		return 0;
	add(&count->calls, 1);
	struct entered entered = {.at_ns = bpf_ktime_get_ns(), .key = key};
	bpf_map_update_elem(&under_way, &key.tid, &entered, BPF_ANY);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(syscall_left, void *registers, long result)
{
	__u32 tid = (__u32)bpf_get_current_pid_tgid();
	struct entered *entered = bpf_map_lookup_elem(&under_way, &tid);
	if (!entered)
		return 0;
	struct syscall_count *count = bpf_map_lookup_elem(&syscall_counts, &entered->key);
	if (count && window.open == entered->key.window)
		add(&count->inside_ns, bpf_ktime_get_ns() - entered->at_ns);
	bpf_map_delete_elem(&under_way, &tid);
	return 0;
}
