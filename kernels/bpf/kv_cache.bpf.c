// A key-value server's cache in front of its kernel: a GET whose key is in the map
// is answered from here, in its own frame, before the kernel has made a socket
// buffer of it. Whatever else comes passes: a key that is not cached, a PUT, any
// frame that is not wholly understood. The server behind the socket answers those,
// and is the only one that writes to the map.

#include "count.h"
#include "kv_message.h"

/* Set before the program is loaded. */
const volatile struct {
	/* Where requests go: no other address is answered for. Network order. */
	__be32 address;
	__be16 port;
	/* 0 leaves the lock out: a reader may then see half of an old value and half of a new one. */
	__u16 locked;
} server = { .port = bpf_htons(7000), .locked = 1 };

struct cached {
	struct bpf_spin_lock lock;
	__u32 unused;
	struct kv_content content;
};

/* Keys as they stand in the message. A writer that exchanged whole elements could reuse one under a reader: it writes in
 * place, under the lock (BPF_F_LOCK). */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __be64);
	__type(value, struct cached);
} cache SEC(".maps");

/* What came for the server's address and port. */
enum kv_request { HIT, MISS, PUT, REQUESTS };

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, REQUESTS);
	__type(key, __u32);
	__type(value, __u64);
} requests SEC(".maps");

static __always_inline void count_request(__u32 kind)
{
	__u64 *count = bpf_map_lookup_elem(&requests, &kind);

	if (count)
		(*count)++;
}

static __always_inline bool read_cache(__be64 key, struct kv_content *content)
{
	struct cached *found = bpf_map_lookup_elem(&cache, &key);

	if (!found)
		return false;
	if (!server.locked) {
		__builtin_memcpy(content, &found->content, sizeof(*content));
		return true;
	}
	bpf_spin_lock(&found->lock);
	__builtin_memcpy(content, &found->content, sizeof(*content));
	bpf_spin_unlock(&found->lock);
	return true;
}

/*
 * Writes what makes a reply of the request, and brings the UDP checksum up to date by the difference. A request whose
 * checksum was wrong gets a reply whose checksum is wrong: nobody has to verify it here, the client's stack will.
 */
static __always_inline void answer(struct kv_frame frame, const struct kv_content *content)
{
	struct kv_message before = *frame.message;
	struct kv_message after = before;

	after.status = KV_FOUND;
	after.by = KV_BY_CACHE;
	after.version = content->version;
	__builtin_memcpy(after.value, content->value, sizeof(after.value));
	*frame.message = after;
	if (frame.udp->check == 0)
		return; /* the client sent none, as IPv4 allows */
	__u64 sum = bpf_csum_diff((void *)&before, sizeof(before), (void *)&after, sizeof(after),
				  (__u16)~frame.udp->check);
	__u16 check = ~kv_fold((__u32)sum);

	frame.udp->check = check ? check : 0xffff;
}

/* Swaps who sent and who receives on every layer: sums do not care for the order. */
static __always_inline void turn_round(struct kv_frame frame)
{
	__u8 mac[ETH_ALEN];
	__be32 address = frame.ip->saddr;
	__be16 port = frame.udp->source;

	__builtin_memcpy(mac, frame.eth->h_source, ETH_ALEN);
	__builtin_memcpy(frame.eth->h_source, frame.eth->h_dest, ETH_ALEN);
	__builtin_memcpy(frame.eth->h_dest, mac, ETH_ALEN);
	frame.ip->saddr = frame.ip->daddr;
	frame.ip->daddr = address;
	frame.udp->source = frame.udp->dest;
	frame.udp->dest = port;
}

/* A reply begins its own life. TTL and protocol share a word of the header; only the TTL changes. RFC 1624, equation 3. */
static __always_inline void renew_ttl(struct iphdr *ip)
{
	__u64 sum = (__u16)~ip->check + (__u16)~bpf_htons(ip->ttl << 8) + bpf_htons(FRESH_TTL << 8);

	ip->ttl = FRESH_TTL;
	ip->check = ~kv_fold(sum);
}

SEC("xdp")
int kv_cache(struct xdp_md *ctx)
{
	struct kv_frame frame = kv_frame_at((void *)(long)ctx->data);
	struct kv_content content;

	if (!kv_holds_message(frame, (void *)(long)ctx->data_end))
		return counted(ctx, XDP_PASS);
	if (frame.ip->daddr != server.address || frame.udp->dest != server.port)
		return counted(ctx, XDP_PASS);
	if (frame.message->op != KV_GET || frame.message->status) {
		count_request(PUT);
		return counted(ctx, XDP_PASS);
	}
	if (!read_cache(frame.message->key, &content)) {
		count_request(MISS);
		return counted(ctx, XDP_PASS);
	}
	count_request(HIT);
	answer(frame, &content);
	turn_round(frame);
	renew_ttl(frame.ip);
	return counted(ctx, XDP_TX);
}

char LICENSE[] SEC("license") = "GPL";
