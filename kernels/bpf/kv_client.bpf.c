// A key-value client that costs almost nothing, so that what is measured is the
// server. `inject` makes one request of each live frame of the injector and sends
// it out; `check` takes the replies off the wire, checks every one of them, and
// drops it. No socket and no socket buffer on this side.

#include "kv_message.h"

/* Requests that repeat in turn; a power of two. */
#define SCHEDULE 65536
#define KEYS 65536
#define WORDS (KV_VALUE_BYTES / 8)

/* Set before the program is loaded: interface index of this end, the server's port and ours in network order. */
const volatile struct {
	__u32 target;
	__be16 server_port;
	__be16 client_port;
} own = {};

/* The headers of a request, the UDP checksum that of a message of zeros. */
struct headers {
	__u64 words[KV_HEADER_BYTES / 8];
	__u16 rest;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct headers);
} request SEC(".maps");

struct ask {
	__u32 key;
	__u32 op;
};

/* One large value, so that it is written in one call. */
struct asks {
	struct ask at[SCHEDULE];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct asks);
} schedule SEC(".maps");

/* The newest version of each key that a PUT's reply has told of: no later GET may see an older one. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, KEYS);
	__type(key, __u32);
	__type(value, __u64);
} acknowledged SEC(".maps");

/* The next request's number. One thread injects, so no two CPUs meet here. */
__u64 next_request = 0;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} offered SEC(".maps");

struct answers {
	__u64 from_cache;
	__u64 from_server;
	__u64 missing;
	__u64 stored;
	/* Faults: what no reply may be. */
	__u64 bad_checksum;
	__u64 torn;
	__u64 stale;
	__u64 malformed;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct answers);
} answers SEC(".maps");

/* The word of a value that follows from its key and its first word: so half of one value never passes for another. */
static __always_inline __u64 word_of(__u64 key, __u64 first, __u32 index)
{
	return (first ^ (key + index) * 0x9e3779b97f4a7c15ULL) * 0xbf58476d1ce4e5b9ULL;
}

static __always_inline struct kv_message message_for(const struct ask *ask, __u64 id)
{
	struct kv_message message = { .op = ask->op, .magic = bpf_htonl(KV_MAGIC) };
	__u64 *words = (__u64 *)message.value;

	message.id = bpf_cpu_to_be64(id);
	message.key = bpf_cpu_to_be64((__u64)ask->key);
	if (ask->op != KV_PUT)
		return message;
	words[0] = id;
	for (__u32 i = 1; i < WORDS; i++)
		words[i] = word_of(ask->key, id, i);
	return message;
}

/* Pages come back as the last round left them, so the headers are written anew. */
static __always_inline void write_headers(void *data, const struct headers *headers)
{
	for (__u32 i = 0; i < KV_HEADER_BYTES / 8; i++)
		((__u64 *)data)[i] = headers->words[i];
	*(__u16 *)(data + KV_HEADER_BYTES - 2) = headers->rest;
}

SEC("xdp")
int inject(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data;
	struct kv_frame frame = kv_frame_at(data);
	__u32 first = 0;
	__u64 *count = bpf_map_lookup_elem(&offered, &first);
	struct headers *headers = bpf_map_lookup_elem(&request, &first);
	struct asks *asks = bpf_map_lookup_elem(&schedule, &first);

	if (!count || !headers || !asks || (void *)(frame.message + 1) > (void *)(long)ctx->data_end)
		return XDP_ABORTED;
	struct ask *ask = &asks->at[next_request & (SCHEDULE - 1)];
	__u64 *floor = bpf_map_lookup_elem(&acknowledged, &ask->key);

	if (!floor)
		return XDP_ABORTED;
	/* What the client knows as it asks travels with the request, and comes back with the reply. */
	struct kv_message message = message_for(ask, *floor << 32 | (__u32)next_request);

	write_headers(data, headers);
	*frame.message = message;
	__u64 sum = bpf_csum_diff(NULL, 0, (void *)&message, sizeof(message), (__u16)~frame.udp->check);
	__u16 check = ~kv_fold((__u32)sum);

	frame.udp->check = check ? check : 0xffff;
	next_request++;
	(*count)++;
	return bpf_redirect(own.target, 0);
}

/* Whether both checksums hold: summed with what they cover they give all ones. */
static __always_inline bool sums_hold(struct kv_frame frame)
{
	__u64 pseudo = (__u64)frame.ip->saddr + frame.ip->daddr + bpf_htons(IPPROTO_UDP) + frame.udp->len;
	__u64 header = bpf_csum_diff(NULL, 0, (void *)frame.ip, sizeof(*frame.ip), 0);
	__u64 datagram = bpf_csum_diff(NULL, 0, (void *)frame.udp, sizeof(*frame.udp) + sizeof(*frame.message), 0);

	return kv_fold((__u32)header) == 0xffff && kv_fold(pseudo + (__u32)datagram) == 0xffff;
}

static __always_inline void check_found(struct answers *counts, const struct kv_message *message)
{
	const __u64 *words = (const __u64 *)message->value;
	__u64 key = bpf_be64_to_cpu(message->key);
	__u64 floor = bpf_be64_to_cpu(message->id) >> 32;

	for (__u32 i = 1; i < WORDS; i++) {
		if (words[i] != word_of(key, words[0], i)) {
			counts->torn++;
			return;
		}
	}
	if (bpf_be64_to_cpu(message->version) < floor)
		counts->stale++;
	else if (message->by == KV_BY_CACHE)
		counts->from_cache++;
	else
		counts->from_server++;
}

static __always_inline void remember(struct answers *counts, const struct kv_message *message)
{
	__u32 key = bpf_be64_to_cpu(message->key);
	__u64 version = bpf_be64_to_cpu(message->version);
	__u64 *newest = bpf_map_lookup_elem(&acknowledged, &key);

	/* Only the server's CPU brings replies to PUTs, so nobody else writes here. */
	if (newest && version > *newest)
		*newest = version;
	counts->stored++;
}

SEC("xdp")
int check(struct xdp_md *ctx)
{
	struct kv_frame frame = kv_frame_at((void *)(long)ctx->data);
	__u32 first = 0;
	struct answers *counts = bpf_map_lookup_elem(&answers, &first);

	if (!counts || !kv_holds_message(frame, (void *)(long)ctx->data_end))
		return XDP_PASS;
	if (frame.udp->source != own.server_port || frame.udp->dest != own.client_port)
		return XDP_PASS; /* of other clients on this host */
	struct kv_message message = *frame.message;

	if (!sums_hold(frame))
		counts->bad_checksum++;
	else if (message.op == KV_GET && message.status == KV_FOUND)
		check_found(counts, &message);
	else if (message.op == KV_GET && message.status == KV_MISSING)
		counts->missing++;
	else if (message.op == KV_PUT && message.status == KV_STORED)
		remember(counts, &message);
	else
		counts->malformed++;
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
