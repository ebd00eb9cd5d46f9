// Counts what happens to socket buffers (skb): a head is taken from a slab cache or given back, an skb enters
// the stack, is dropped for a reason, or is consumed because its work is done.
//
// The slab events know the cache and the call site but no packet; the skb events know the packet's device. Neither
// sees bulk allocation and bulk free, which have no tracepoint. The reader of these tables says so.

#include "trace_kernel_types.h"

#include <bpf/bpf_core_read.h>

// Caches are recognised by object size here and by name in user space: 4 sizes are all the skb caches.
#define CACHE_SIZES 4
const volatile __u32 cache_sizes[CACHE_SIZES];

struct slab_key {
	__u64 cache;
	__u64 call_site;
	__u32 window;
	__u32 pid;
};

struct slab_count {
	__u64 allocs;
	__u64 frees;
	char cache_name[32];
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct slab_key);
	__type(value, struct slab_count);
} slab_counts SEC(".maps");

enum skb_event { SKB_ENTERED, SKB_DROPPED, SKB_CONSUMED };

struct skb_key {
	__u32 window;
	__u32 event;
	__u32 reason;
	__u32 netns;   // inode number of the network namespace, 0 where neither device nor socket tells
	__u32 ifindex; // 0 where only the socket told
};

struct skb_count {
	__u64 skbs;
	char device[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct skb_key);
	__type(value, struct skb_count);
} skb_counts SEC(".maps");

static __always_inline int is_skb_cache(struct kmem_cache *cache)
{
	__u32 size = cache->object_size;
	for (int i = 0; i < CACHE_SIZES; i++)
		if (cache_sizes[i] == size)
			return 1;
	return 0;
}

static __always_inline struct slab_count *slab_count_of(struct kmem_cache *cache, __u64 call_site)
{
	struct slab_key key = {
		.cache = (__u64)cache,
		.call_site = call_site,
		.window = window.open,
		.pid = bpf_get_current_pid_tgid() >> 32,
	};
	struct slab_count *count = bpf_map_lookup_elem(&slab_counts, &key);
	if (count)
		return count;
	struct slab_count fresh = {};
	bpf_get_current_comm(fresh.comm, sizeof(fresh.comm));
	bpf_probe_read_kernel_str(fresh.cache_name, sizeof(fresh.cache_name), cache->name);
	return entry_of(&slab_counts, &key, &fresh);
}

SEC("tp_btf/kmem_cache_alloc")
int BPF_PROG(head_alloc, unsigned long call_site, const void *object, struct kmem_cache *cache)
{
	if (!window.open || !is_skb_cache(cache))
		return 0;
	struct slab_count *count = slab_count_of(cache, call_site);
	if (count)
		add(&count->allocs, 1);
	return 0;
}

SEC("tp_btf/kmem_cache_free")
int BPF_PROG(head_free, unsigned long call_site, const void *object, struct kmem_cache *cache)
{
	if (!window.open || !is_skb_cache(cache))
		return 0;
	struct slab_count *count = slab_count_of(cache, call_site);
	if (count)
		add(&count->frees, 1);
	return 0;
}

// An skb in a UDP receive queue keeps other data where its device pointer was. Such a pointer leads nowhere:
// the guarded reads give 0, and the socket says which namespace it is.
static __always_inline int count_skb(struct sk_buff *skb, enum skb_event event, __u32 reason, struct sock *sk)
{
	if (!window.open)
		return 0;
	struct net_device *device = BPF_CORE_READ(skb, dev);
	struct skb_key key = {
		.window = window.open,
		.event = event,
		.reason = reason,
		.netns = BPF_CORE_READ(device, nd_net.net, ns.inum),
	};
	struct skb_count fresh = {};
	if (key.netns) {
		key.ifindex = BPF_CORE_READ(device, ifindex);
		BPF_CORE_READ_STR_INTO(&fresh.device, device, name);
	} else {
		key.netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	}
	struct skb_count *count = entry_of(&skb_counts, &key, &fresh);
	if (count)
		add(&count->skbs, 1);
	return 0;
}

SEC("tp_btf/netif_receive_skb")
int BPF_PROG(skb_entered, struct sk_buff *skb)
{
	return count_skb(skb, SKB_ENTERED, 0, BPF_CORE_READ(skb, sk));
}

SEC("tp_btf/kfree_skb")
int BPF_PROG(skb_dropped, struct sk_buff *skb, void *location, __u32 reason, struct sock *receiver)
{
	return count_skb(skb, SKB_DROPPED, reason, receiver);
}

// Before Linux 6.11 the event does not name the receiving socket, and asking for it is refused at load.
SEC("tp_btf/kfree_skb")
int BPF_PROG(skb_dropped_before_6_11, struct sk_buff *skb, void *location, __u32 reason)
{
	return count_skb(skb, SKB_DROPPED, reason, BPF_CORE_READ(skb, sk));
}

SEC("tp_btf/consume_skb")
int BPF_PROG(skb_consumed, struct sk_buff *skb)
{
	return count_skb(skb, SKB_CONSUMED, 0, BPF_CORE_READ(skb, sk));
}
