// Counts how often watched threads found a lock of the kernel taken, by the functions that wanted it. The tracepoint contention_begin
// knows mutexes, semaphores and queued spin locks. A socket's owner is none of these: others sleep on a wait queue of the socket, in
// __lock_sock. So every sleep is counted with its callers, and user space picks those whose callers have that function.
// Source: net/core/sock.c (__lock_sock), include/trace/events/lock.h, kernel/locking (Linux 6.1 to 6.18)

#include "trace_kernel_types.h"
#include "trace_watched.h"

#define FRAMES 8
#define SLEPT (1u << 31) // beside the tracepoint's own LCB_F_*: no lock that it knows

struct lock_wait_key {
	__u32 window;
	__u32 flags;
	__u32 cpu; // so that no CPU waits for another's entry: it would be counted, too
	__u32 unused;
	__u64 callers[FRAMES]; // the innermost first
};

struct lock_wait_count {
	__u64 waits;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct lock_wait_key);
	__type(value, struct lock_wait_count);
} lock_wait_counts SEC(".maps");

static __always_inline void count_wait(void *ctx, __u32 flags)
{
	struct lock_wait_key key = {.window = window.open, .flags = flags, .cpu = bpf_get_smp_processor_id()};
	struct lock_wait_count fresh = {};
	bpf_get_stack(ctx, key.callers, sizeof key.callers, 0);
	struct lock_wait_count *count = entry_of(&lock_wait_counts, &key, &fresh);
	if (count)
		add(&count->waits, 1);
}

SEC("tp_btf/contention_begin")
int BPF_PROG(lock_taken, void *lock, unsigned int flags)
{
	__u64 thread = bpf_get_current_pid_tgid();
	if (window.open && is_watched((__u32)thread, thread >> 32))
		count_wait(ctx, flags);
	return 0;
}

// A thread that was not preempted and is no longer runnable sleeps of its own will (kernel/sched/core.c, __schedule).
SEC("tp_btf/sched_switch")
int BPF_PROG(thread_slept, _Bool preempted, struct task_struct *leaving, struct task_struct *coming, unsigned int state)
{
	if (window.open && !preempted && state && is_watched(leaving->pid, leaving->tgid))
		count_wait(ctx, SLEPT);
	return 0;
}
