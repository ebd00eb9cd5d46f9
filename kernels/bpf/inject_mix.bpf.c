// As inject.bpf.c, with frames of different sizes: each one is cut to the size that its number chooses out of twelve, and the lengths in
// its headers are written anew. Test-run gives the next round the whole frame back, because the cut is undone there
// (net/bpf/test_run.c, reset_ctx).

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "pace.h"

#define SIZES 12
/* In an Ethernet frame with IPv4, no options, and UDP. */
#define IP_AT 14
#define IP_LENGTH_AT 16
#define IP_CHECKSUM_AT 24
#define UDP_AT 34
#define UDP_LENGTH_AT 38
#define NUMBER_AT 42
#define LEAST_BYTES 50

/* Set before the program is loaded: the interface; the sizes, none above the frame that is injected; for each the checksum of its
 * IPv4 header, as it stands in the frame. */
const volatile struct {
	__u32 target;
	__u32 frame_bytes[SIZES];
	__u32 ip_checksum[SIZES];
} mix = {};

/* The next frame's number. One thread injects, so no two CPUs meet here. */
__u64 next_sequence = 0;

/* Frames that went: what was offered, as the kernel counted it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} offered SEC(".maps");

SEC("xdp")
int inject(struct xdp_md *ctx)
{
	__u32 first = 0;
	__u64 *count = bpf_map_lookup_elem(&offered, &first);

	if (!may_go())
		return XDP_DROP;
	__u64 number = next_sequence++;
	__u32 size = number % SIZES;

	if (count)
		(*count)++;
	/* The verifier does not divide, and the compiler knows too well that the test below is never true: hide the value from it. */
	asm volatile("" : "+r"(size));
	if (size >= SIZES)
		return XDP_ABORTED;
	__u32 bytes = mix.frame_bytes[size];
	int cut = (int)bytes - (int)((long)ctx->data_end - (long)ctx->data);

	if (cut < 0 && bpf_xdp_adjust_tail(ctx, cut))
		return XDP_ABORTED;
	void *data = (void *)(long)ctx->data;

	if (data + LEAST_BYTES > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	*(__be16 *)(data + IP_LENGTH_AT) = bpf_htons(bytes - IP_AT);
	*(__u16 *)(data + IP_CHECKSUM_AT) = mix.ip_checksum[size];
	*(__be16 *)(data + UDP_LENGTH_AT) = bpf_htons(bytes - UDP_AT);
	*(__be64 *)(data + NUMBER_AT) = bpf_cpu_to_be64(number);
	return bpf_redirect(mix.target, 0);
}

char LICENSE[] SEC("license") = "GPL";
