// Counts entries into the kernel by thread and system call number, and how long each took until it came back. A call answered by the
// vDSO never enters, so it is not here; that absence is what notebook 11 shows.
//
// A call that sleeps comes back early where its thread is stopped, frozen, or wanted for a signal; if nothing then stands against it, the
// kernel puts the thread back onto the same instruction and it enters again. The program made one call, so one is counted, and the
// second entry is a restart.

#include "trace_watched.h"

#include <bpf/bpf_core_read.h>

struct syscall_key {
	__u32 window;
	__u32 tid;
	__u32 number;
};

struct syscall_count {
	__u64 calls;
	__u64 inside_ns;
	__u64 restarts;
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

// The number of each thread's call that came back to be entered again.
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
} restarting SEC(".maps");

// The registers' field that holds a call's number, by machine: arch/x86/include/asm/ptrace.h, arch/arm64/include/asm/ptrace.h
struct pt_regs___x86 {
	unsigned long orig_ax;
} KERNEL_TYPE;

struct pt_regs___arm64 {
	int syscallno;
} KERNEL_TYPE;

#define IS_X86 bpf_core_field_exists(struct pt_regs___x86, orig_ax)

static __always_inline __u32 number_in(const void *registers)
{
	if (IS_X86)
		return ((const struct pt_regs___x86 *)registers)->orig_ax;
	return ((const struct pt_regs___arm64 *)registers)->syscallno;
}

// Whether a call that came back with `result` is to be entered again: no program sees such a result. include/linux/errno.h:
// ERESTARTSYS, ERESTARTNOINTR, ERESTARTNOHAND, ERESTART_RESTARTBLOCK
static __always_inline int asks_for_restart(long result)
{
	return result == -512 || result == -513 || result == -514 || result == -516;
}

// Whether the call that now enters is the one that was interrupted. The rest of a timed sleep enters under a number of its own.
static __always_inline int restarts(__u32 interrupted, __u32 number)
{
	return number == interrupted || number == (IS_X86 ? 219 : 128); // restart_syscall
}

SEC("tp_btf/sys_enter")
int BPF_PROG(syscall_entered, void *registers, long number)
{
	__u64 current = bpf_get_current_pid_tgid();
	__u32 tid = current;
	if (!window.open || !is_watched(tid, current >> 32))
		return 0;
	__u32 *interrupted = bpf_map_lookup_elem(&restarting, &tid);
	int again = interrupted && restarts(*interrupted, number);
	struct syscall_key key = {.window = window.open, .tid = tid, .number = again ? *interrupted : number};
	struct syscall_count fresh = {};
	struct syscall_count *count = entry_of(&syscall_counts, &key, &fresh);
	if (!count)
		return 0;
	add(again ? &count->restarts : &count->calls, 1);
	if (again)
		bpf_map_delete_elem(&restarting, &tid);
	struct entered entered = {.at_ns = bpf_ktime_get_ns(), .key = key};
	bpf_map_update_elem(&under_way, &tid, &entered, BPF_ANY);
	return 0;
}

// A call that was under way before the window opened can be interrupted, too, so this asks the registers for its number.
SEC("tp_btf/sys_exit")
int BPF_PROG(syscall_left, void *registers, long result)
{
	__u64 current = bpf_get_current_pid_tgid();
	__u32 tid = current;
	if (asks_for_restart(result) && is_watched(tid, current >> 32)) {
		__u32 number = number_in(registers);
		bpf_map_update_elem(&restarting, &tid, &number, BPF_ANY);
	}
	struct entered *entered = bpf_map_lookup_elem(&under_way, &tid);
	if (!entered)
		return 0;
	struct syscall_count *count = bpf_map_lookup_elem(&syscall_counts, &entered->key);
	if (count && window.open == entered->key.window)
		add(&count->inside_ns, bpf_ktime_get_ns() - entered->at_ns);
	bpf_map_delete_elem(&under_way, &tid);
	return 0;
}
