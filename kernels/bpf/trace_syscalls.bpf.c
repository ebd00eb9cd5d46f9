// Counts entries into the kernel by thread and system call number. A call answered by the vDSO never enters, so it
// is not here; that absence is what notebook 11 shows.

#include "trace_watched.h"

struct syscall_key {
	__u32 window;
	__u32 tid;
	__u32 number;
};

struct syscall_count {
	__u64 calls;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct syscall_key);
	__type(value, struct syscall_count);
} syscall_counts SEC(".maps");

SEC("tp_btf/sys_enter")
int BPF_PROG(syscall_entered, void *registers, long number)
{
	__u64 current = bpf_get_current_pid_tgid();
	if (!window.open || !is_watched((__u32)current, current >> 32))
		return 0;
	struct syscall_key key = {.window = window.open, .tid = (__u32)current, .number = number};
	struct syscall_count fresh = {};
	struct syscall_count *count = entry_of(&syscall_counts, &key, &fresh);
	if (count)
		add(&count->calls, 1);
	return 0;
}
