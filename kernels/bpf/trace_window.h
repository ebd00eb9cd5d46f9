// What every tracing program of the lab shares: the window that says whether events count now.
//
// User space maps this variable and opens or closes the window with one store. No system call is made for it,
// so the counting does not count itself, and every program of an object starts at the same instant.

#ifndef TRACE_WINDOW_H
#define TRACE_WINDOW_H

#include <linux/bpf.h>
#include <linux/types.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define KERNEL_TYPE __attribute__((preserve_access_index))

struct window {
	__u32 open;   // 0 closed; any other number is the window that events are counted in
	__u32 unused;
	__u64 lost;   // events that found the table full
};

volatile struct window window;

// Finds the entry of `key`, or makes one that starts as `fresh`. Null when the table is full, and that is counted.
static __always_inline void *entry_of(void *table, const void *key, const void *fresh)
{
	void *entry = bpf_map_lookup_elem(table, key);
	if (entry)
		return entry;
	bpf_map_update_elem(table, key, fresh, BPF_NOEXIST);
	entry = bpf_map_lookup_elem(table, key);
	if (!entry)
		__sync_fetch_and_add(&window.lost, 1);
	return entry;
}

// An interrupt may come between reading and writing a counter, so even a counter of one CPU needs this.
static __always_inline void add(__u64 *counter, __u64 amount)
{
	__sync_fetch_and_add(counter, amount);
}

char license_text[] SEC("license") = "GPL";

#endif
