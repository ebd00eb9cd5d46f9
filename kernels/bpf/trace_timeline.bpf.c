// Writes down in order what the watched threads asked of the kernel, and what state their TCP sockets were in. Other tracers of
// the lab count; this one tells a story, so it keeps one entry an event and is meant for a few hundred of them. States are
// written down in either window, calls in the first alone: so what a caller does between two calls of the story stays out.

#include "trace_kernel_types.h"
#include "trace_watched.h"

#include <bpf/bpf_endian.h>

#define MOST_EVENTS 4096
#define MOST_THREADS 1024
#define WITH_CALLS 1

enum event_kind { EVENT_NONE, EVENT_CALL, EVENT_STATE };

struct event {
	__u64 at_ns; // of a call: when it entered
	__u64 end_ns;
	__u32 kind;
	__u32 unused;
	__s64 result;
	__u32 number; // of the call
	__u32 tid;
	__u32 netns;
	__u32 from;
	__u32 to;
	__u16 local_port;
	__u16 remote_port;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MOST_EVENTS);
	__type(key, __u32);
	__type(value, struct event);
} events SEC(".maps");

struct entered {
	__u64 at_ns;
	__u64 number;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MOST_THREADS);
	__type(key, __u32);
	__type(value, struct entered);
} under_way SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} written SEC(".maps");

// The next free place in the story. Null once it is full, and that is counted.
static __always_inline struct event *next_event(void)
{
	__u32 first = 0;
	__u64 *count = bpf_map_lookup_elem(&written, &first);
	if (!count)
		return NULL;
	__u32 place = __sync_fetch_and_add(count, 1);
	struct event *event = bpf_map_lookup_elem(&events, &place);
	if (!event)
		__sync_fetch_and_add(&window.lost, 1);
	return event;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(call_entered, void *registers, long number)
{
	__u64 current = bpf_get_current_pid_tgid();
	__u32 tid = current;
	if (window.open != WITH_CALLS || !is_watched(tid, current >> 32))
		return 0;
	struct entered call = {.at_ns = bpf_ktime_get_ns(), .number = number};
	bpf_map_update_elem(&under_way, &tid, &call, BPF_ANY);
	return 0;
}

// A call belongs to the window in which it entered, even if it returns after the window was closed.
SEC("tp_btf/sys_exit")
int BPF_PROG(call_left, void *registers, long result)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct entered *call = bpf_map_lookup_elem(&under_way, &tid);
	if (!call)
		return 0;
	struct event *event = next_event();
	if (event) {
		event->at_ns = call->at_ns;
		event->end_ns = bpf_ktime_get_ns();
		event->kind = EVENT_CALL;
		event->result = result;
		event->number = call->number;
		event->tid = tid;
	}
	bpf_map_delete_elem(&under_way, &tid);
	return 0;
}

// Fires in whatever context the packet came in, so the socket's namespace tells whose it is, not the thread.
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(state_changed, const struct sock *sk, int from, int to)
{
	if (!window.open)
		return 0;
	struct event *event = next_event();
	if (!event)
		return 0;
	event->at_ns = bpf_ktime_get_ns();
	event->kind = EVENT_STATE;
	event->netns = sk->__sk_common.skc_net.net->ns.inum;
	event->from = from;
	event->to = to;
	event->local_port = sk->__sk_common.skc_num;
	event->remote_port = bpf_ntohs(sk->__sk_common.skc_dport);
	return 0;
}
