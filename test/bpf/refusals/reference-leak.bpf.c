// Reserves a record and neither submits nor discards it.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	__u64 *record = bpf_ringbuf_reserve(&events, 8, 0);

	if (record)
		*record = 1;
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
