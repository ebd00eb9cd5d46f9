// Follows single packets. The lab's injector writes a number into each frame; every place that a packet passes
// reads that number again and writes one entry: so afterwards the way of packet 17 can be told.
//
// `traced_program` is the one place that no tracepoint has: it stands in the place of an XDP program, calls it and
// notes what it answered. The loader puts the program's own bytecode where `program` is.

#include "trace_kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>

#define MOST_EVENTS 32768
#define ANY_FRAME_BYTES 3520
#define NO_NUMBER (~0ULL)
#define PROGRAM_ID 0x52494e47 // the loader writes the program's own number in its place

// Byte of the frame where its number stands, as a u64 in network order. Only every n-th number is followed.
const volatile __u32 number_at = 14;
const volatile __u32 every = 1;

enum packet_event_kind {
	PACKET_NONE,
	PACKET_PROGRAM,  // an XDP program answered; detail: its verdict, place: the program's number
	PACKET_REDIRECT, // the kernel carried a redirect out; detail: 0 or -errno, place: ifindex or index, more: map type
	PACKET_STACK,    // an skb entered the stack; place: ifindex
	PACKET_DROPPED,  // an skb was dropped; detail: the reason
};

struct packet_event {
	__u64 at_ns;
	__u64 number;
	__u32 kind;
	__u32 netns; // 0 where the program's number tells
	__u32 place;
	__s32 detail;
	__u32 more;
	__u32 unused;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, MOST_EVENTS);
	__type(key, __u32);
	__type(value, struct packet_event);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} written SEC(".maps");

// Namespaces whose packets are followed, by inode number.
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} namespaces SEC(".maps");

// All packets of a namespace, whatever is followed of them.
enum tally_kind { TALLY_ENTERED, TALLY_DROPPED, TALLY_TAKEN };

struct tally_key {
	__u32 netns;
	__u32 kind;
	__u32 port; // of the socket that took them
	__u32 unused;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 256);
	__type(key, struct tally_key);
	__type(value, __u64);
} tallies SEC(".maps");

// The packet for which this CPU's program asked for a redirect: the kernel's answer follows at once, and has no
// bytes to look at.
struct in_hand {
	__u64 number;
	__u64 redirecting;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct in_hand);
} in_hand SEC(".maps");

static __always_inline void note(struct packet_event *event)
{
	__u32 first = 0;
	__u64 *count = bpf_map_lookup_elem(&written, &first);
	if (!count)
		return;
	__u32 place = __sync_fetch_and_add(count, 1);
	struct packet_event *entry = bpf_map_lookup_elem(&events, &place);
	if (!entry) {
		__sync_fetch_and_add(&window.lost, 1);
		return;
	}
	event->at_ns = bpf_ktime_get_ns();
	*entry = *event;
}

static __always_inline void tally(__u32 netns, enum tally_kind kind, __u32 port)
{
	struct tally_key key = {.netns = netns, .kind = kind, .port = port};
	__u64 zero = 0;
	__u64 *count = entry_of(&tallies, &key, &zero);
	if (count)
		add(count, 1);
}

static __always_inline void take_in_hand(__u64 number, int redirecting)
{
	__u32 first = 0;
	struct in_hand *mine = bpf_map_lookup_elem(&in_hand, &first);
	if (!mine)
		return;
	mine->number = number;
	mine->redirecting = redirecting;
}

static __always_inline int is_followed(__u64 number)
{
	return number != NO_NUMBER && number % every == 0;
}

static __always_inline int is_ours(__u32 netns)
{
	return bpf_map_lookup_elem(&namespaces, &netns) != NULL;
}

// The number in an skb's frame; its first bytes are where the Ethernet header was.
static __always_inline __u64 number_of(struct sk_buff *skb)
{
	__u64 number = 0;
	unsigned char *frame = BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, mac_header);
	if (bpf_probe_read_kernel(&number, sizeof(number), frame + number_at))
		return NO_NUMBER;
	return bpf_be64_to_cpu(number);
}

// Both events follow their program at once, on its CPU. The injector redirects, too, and is nobody's packet.
static __always_inline int note_redirect(const struct net_device *ran_on, __u32 place, int error, int map_type)
{
	__u32 first = 0;
	struct in_hand *mine = bpf_map_lookup_elem(&in_hand, &first);
	if (!window.open || !mine || !mine->redirecting)
		return 0;
	mine->redirecting = 0;
	struct packet_event event = {
		.number = mine->number,
		.kind = PACKET_REDIRECT,
		.netns = ran_on->nd_net.net->ns.inum,
		.place = place,
		.detail = error,
		.more = map_type,
	};
	note(&event);
	return 0;
}

SEC("tp_btf/xdp_redirect")
int BPF_PROG(packet_redirected, const struct net_device *ran_on, const void *program, const void *target, int error,
	     int map_type, __u32 map_id, __u32 index)
{
	const struct bpf_dtab_netdev *entry = NULL;
	/* Not `target` itself: Linux 6.12 refuses to let a program load an argument of type `const void *`. */
	bpf_probe_read_kernel(&entry, sizeof(entry), &ctx[2]);
	int names_device = map_type == BPF_MAP_TYPE_DEVMAP || map_type == BPF_MAP_TYPE_DEVMAP_HASH;
	return note_redirect(ran_on, names_device ? BPF_CORE_READ(entry, dev, ifindex) : index, 0, map_type);
}

SEC("tp_btf/xdp_redirect_err")
int BPF_PROG(redirect_failed, const struct net_device *ran_on, const void *program, const void *target, int error,
	     int map_type, __u32 map_id, __u32 index)
{
	return note_redirect(ran_on, index, error, map_type);
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(packet_entered, struct sk_buff *skb)
{
	struct net_device *device = skb->dev;
	__u32 netns = device->nd_net.net->ns.inum;
	if (!window.open || !is_ours(netns))
		return 0;
	tally(netns, TALLY_ENTERED, 0);
	__u64 number = number_of(skb);
	if (!is_followed(number))
		return 0;
	struct packet_event event = {
		.number = number,
		.kind = PACKET_STACK,
		.netns = netns,
		.place = device->ifindex,
	};
	note(&event);
	return 0;
}

// A packet that waits in a UDP socket keeps other data where its device pointer was: then the socket tells.
static __always_inline int note_drop(struct sk_buff *skb, __u32 reason, struct sock *sk)
{
	if (!window.open)
		return 0;
	__u32 netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	if (!netns)
		netns = BPF_CORE_READ(skb, dev, nd_net.net, ns.inum);
	if (!is_ours(netns))
		return 0;
	tally(netns, TALLY_DROPPED, 0);
	__u64 number = number_of(skb);
	if (!is_followed(number))
		return 0;
	struct packet_event event = {
		.number = number,
		.kind = PACKET_DROPPED,
		.netns = netns,
		.detail = reason,
	};
	note(&event);
	return 0;
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(packet_dropped, struct sk_buff *skb, void *location, __u32 reason, struct sock *receiver)
{
	return note_drop(skb, reason, receiver);
}

// Before Linux 6.11 the event does not name the receiving socket, and asking for it is refused at load.
SEC("tp_btf/kfree_skb")
int BPF_PROG(packet_dropped_before_6_11, struct sk_buff *skb, void *location, __u32 reason)
{
	return note_drop(skb, reason, BPF_CORE_READ(skb, sk));
}

// A socket says that it has data, once for each packet, and not for which: so these are counted.
SEC("tp_btf/sk_data_ready")
int BPF_PROG(socket_took, const struct sock *sk)
{
	__u32 netns = sk->__sk_common.skc_net.net->ns.inum;
	if (window.open && is_ours(netns))
		tally(netns, TALLY_TAKEN, sk->__sk_common.skc_num);
	return 0;
}

// Holds the place of the program that is watched; its answer must look as if it could be anything.
__attribute__((noinline)) int program(struct xdp_md *ctx)
{
	asm volatile("" ::: "memory");
	return ctx->rx_queue_index;
}

// Of no kind that a loader knows: it is never loaded as it stands.
SEC("traced")
int traced_program(struct xdp_md *ctx)
{
	__u64 *at = (void *)(long)ctx->data + number_at;
	__u64 number = NO_NUMBER;
	if (number_at <= ANY_FRAME_BYTES && (void *)(at + 1) <= (void *)(long)ctx->data_end)
		number = bpf_be64_to_cpu(*at);

	int verdict = program(ctx);

	int followed = window.open && is_followed(number);
	take_in_hand(number, followed && verdict == XDP_REDIRECT);
	if (!followed)
		return verdict;
	__u32 id;
	asm volatile("%0 = %1" : "=r"(id) : "i"(PROGRAM_ID));
	struct packet_event event = {
		.number = number,
		.kind = PACKET_PROGRAM,
		.place = id,
		.detail = verdict,
	};
	note(&event);
	return verdict;
}
