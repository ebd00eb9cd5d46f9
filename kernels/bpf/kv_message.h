// The key-value protocol: one UDP datagram asks, one of the same length answers. A
// reply that is no longer than its request cannot be abused to flood a third
// party, and a program can answer in the request's own frame.

#ifndef KV_MESSAGE_H
#define KV_MESSAGE_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* "RSKV": first what the bytes are, then what they say. */
#define KV_MAGIC 0x52534b56
#define KV_VALUE_BYTES 32

enum kv_op {
	KV_GET = 1,
	KV_PUT = 2,
};

/* 0 in a request. */
enum kv_status {
	KV_FOUND = 1,
	KV_MISSING = 2,
	KV_STORED = 3,
};

/* Who answered; 0 in a request. */
enum kv_by {
	KV_BY_SERVER = 1,
	KV_BY_CACHE = 2,
};

/* The whole datagram, 64 bytes, numbers in network order. */
struct kv_message {
	__u8 op;
	__u8 status;
	__u8 by;
	__u8 unused;
	__be32 magic;
	/* Chosen by the client, and given back as it was. */
	__be64 id;
	__be64 key;
	/* Version of the value in a reply, counted by the server; 0 in a request. */
	__be64 version;
	__u8 value[KV_VALUE_BYTES];
};

/* What the cache copies in one go: the version and its value. */
struct kv_content {
	__be64 version;
	__u8 value[KV_VALUE_BYTES];
};

#define KV_HEADER_BYTES (sizeof(struct ethhdr) + sizeof(struct iphdr) + sizeof(struct udphdr))

/* A message in its frame: IPv4 without options. */
struct kv_frame {
	struct ethhdr *eth;
	struct iphdr *ip;
	struct udphdr *udp;
	struct kv_message *message;
};

/* Bit "more fragments" and the 13 bits of the offset: 0 for a whole packet. */
#define FRAGMENT_BITS 0x3fff
#define FRESH_TTL 64

static __always_inline struct kv_frame kv_frame_at(void *data)
{
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);
	struct udphdr *udp = (void *)(ip + 1);

	return (struct kv_frame){ eth, ip, udp, (void *)(udp + 1) };
}

/* Whether the frame holds one message and no more. Reads nothing that it has not proven to be there. */
static __always_inline bool kv_holds_message(struct kv_frame frame, void *data_end)
{
	if ((void *)(frame.message + 1) > data_end)
		return false;
	if (frame.eth->h_proto != bpf_htons(ETH_P_IP) || frame.ip->version != 4 || frame.ip->ihl != 5)
		return false;
	if (frame.ip->protocol != IPPROTO_UDP || frame.ip->frag_off & bpf_htons(FRAGMENT_BITS))
		return false;
	if (frame.ip->tot_len != bpf_htons(sizeof(*frame.ip) + sizeof(*frame.udp) + sizeof(*frame.message)))
		return false;
	if (frame.udp->len != bpf_htons(sizeof(*frame.udp) + sizeof(*frame.message)))
		return false;
	return frame.message->magic == bpf_htonl(KV_MAGIC);
}

/* Folds a sum of 16-bit words to 16 bits, carries added in. */
static __always_inline __u16 kv_fold(__u64 sum)
{
	sum = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

#endif
