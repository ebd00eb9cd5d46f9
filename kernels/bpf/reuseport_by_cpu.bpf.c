// Chooses the listener of the CPU that a connection's first packet came in on. The kernel asks once a connection, for its SYN; whatever
// else comes of the connection goes to the same listener.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

// By CPU: user space puts each listener where its server runs.
struct {
	__uint(type, BPF_MAP_TYPE_REUSEPORT_SOCKARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} listeners SEC(".maps");

SEC("sk_reuseport")
int by_cpu(struct sk_reuseport_md *packet)
{
	__u32 cpu = bpf_get_smp_processor_id();
	// Where no listener is at that place nothing was chosen, and the kernel goes on by the hash of the flow.
	bpf_sk_select_reuseport(packet, &listeners, &cpu, 0);
	return SK_PASS;
}

char license_text[] SEC("license") = "GPL";
