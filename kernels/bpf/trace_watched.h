// Which threads and processes the program watches. User space fills the table before the window opens.

#ifndef TRACE_WATCHED_H
#define TRACE_WATCHED_H

#include "trace_window.h"

enum watched_kind { WATCHED_THREAD, WATCHED_PROCESS };

struct watched_key {
	__u32 kind;
	__u32 id; // thread id, or the id of the process whose threads all count
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct watched_key);
	__type(value, __u32);
} watched SEC(".maps");

static __always_inline int is_watched(__u32 tid, __u32 pid)
{
	struct watched_key thread = {.kind = WATCHED_THREAD, .id = tid};
	struct watched_key process = {.kind = WATCHED_PROCESS, .id = pid};
	return bpf_map_lookup_elem(&watched, &thread) || bpf_map_lookup_elem(&watched, &process);
}

#endif
