// Nine functions, one within the other.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <bpf/bpf_helpers.h>

static __attribute__((noinline)) int f9(int n) { return n + 1; }
static __attribute__((noinline)) int f8(int n) { return f9(n) + 8; }
static __attribute__((noinline)) int f7(int n) { return f8(n) + 7; }
static __attribute__((noinline)) int f6(int n) { return f7(n) + 6; }
static __attribute__((noinline)) int f5(int n) { return f6(n) + 5; }
static __attribute__((noinline)) int f4(int n) { return f5(n) + 4; }
static __attribute__((noinline)) int f3(int n) { return f4(n) + 3; }
static __attribute__((noinline)) int f2(int n) { return f3(n) + 2; }
static __attribute__((noinline)) int f1(int n) { return f2(n) + 1; }

SEC("xdp")
int refused(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *data_end = (void *)(long)ctx->data_end;
	return f1(ctx->rx_queue_index);
}

char LICENSE[] SEC("license") = "GPL";
