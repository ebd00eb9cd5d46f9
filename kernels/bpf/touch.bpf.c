// Reads a packet's first words, as many as were asked for, and then drops it. An
// unread packet may never enter a CPU's cache at all; the price of a program that
// looks at its packets starts here. The sum is kept in a map: otherwise the
// compiler would see that nobody wants it, and read nothing.

#include "count.h"

/* A packet of 1514 bytes has 189 whole words. */
#define MOST_WORDS 189

/* Words of 8 bytes to read, set before the program is loaded. */
const volatile __u32 words = 0;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} sums SEC(".maps");

SEC("xdp")
int touch(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	__u64 *word = (void *)(long)ctx->data;
	__u32 first = 0;
	__u64 *sum = bpf_map_lookup_elem(&sums, &first);
	__u64 read = 0;

	for (__u32 i = 0; i < MOST_WORDS; i++, word++) {
		if (i == words || (void *)(word + 1) > data_end)
			break;
		read += *word;
	}
	if (sum)
		*sum += read;
	return counted(ctx, XDP_DROP);
}

char LICENSE[] SEC("license") = "GPL";
