// A bad network between two hosts: it loses frames, at random, every n-th or in
// bursts, delivers some twice, flips bits, and sends some on by way of another
// CPU, so that others overtake them. (A longer way over more interfaces reorders
// nothing: on veth a frame is through all of them before its sender has made the
// next.) All chances come from one seed for each direction, and every deed is
// counted.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ETHERNET_HEADER 14
#define MAX_OFFSET 2047

/* Where the detour leads, set before the program is loaded: the first of the two
 * that the frame is not on. On the frame's own CPU the woken thread would run
 * before the sender's next frame is made, and nobody would be overtaken. */
const volatile __u32 detour_cpus[2] = { 0, 0 };

// Where a frame goes that came in by an interface.
struct route {
	__u32 direction; // 0 or 1
	__u32 exit; // slot of `exits`
};

// Chances are of 2^32.
struct faults {
	__u32 loss;
	__u32 every; // loses each n-th frame; 0: none
	__u32 burst; // a random loss takes so many frames in a row
	__u32 duplicate;
	__u32 corrupt;
	__u32 reorder;
};

struct state {
	__u32 random;
	__u32 frames;
	__u32 left; // of a burst
	__u32 padding;
};

enum deed { SEEN, LOST, DUPLICATED, CORRUPTED, REORDERED, DEEDS };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, struct route);
} routes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct faults);
} faults SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct state);
} states SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2 * DEEDS);
	__type(key, __u32);
	__type(value, __u64);
} deeds SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} exits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CPUMAP);
	__uint(max_entries, 256);
	__type(key, __u32);
	__type(value, struct bpf_cpumap_val);
} cpus SEC(".maps");

// The same interface twice: a broadcast to all of the map sends two copies.
struct twice {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
};
struct twice twice_0 SEC(".maps");
struct twice twice_1 SEC(".maps");

static __always_inline void count(__u32 direction, enum deed deed)
{
	__u32 key = direction * DEEDS + deed;
	__u64 *sum = bpf_map_lookup_elem(&deeds, &key);

	if (sum)
		++*sum;
}

// Marsaglia's xorshift: never 0 from a seed that is not 0.
static __always_inline __u32 roll(struct state *state)
{
	__u32 x = state->random;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	state->random = x;
	return x;
}

static __always_inline int is_lost(struct state *state, const struct faults *faults)
{
	state->frames++;
	if (state->left > 0) {
		state->left--;
		return 1;
	}
	if (faults->every && state->frames % faults->every == 0)
		return 1;
	if (roll(state) >= faults->loss)
		return 0;
	state->left = faults->burst > 0 ? faults->burst - 1 : 0;
	return 1;
}

static __always_inline void flip_a_bit(struct xdp_md *ctx, __u32 random)
{
	__u8 *data = (void *)(long)ctx->data;
	__u8 *end = (void *)(long)ctx->data_end;
	__u32 length = end - data;
	__u32 offset;

	if (length <= ETHERNET_HEADER)
		return;
	offset = ETHERNET_HEADER + (random >> 3) % (length - ETHERNET_HEADER);
	offset &= MAX_OFFSET;
	if (data + offset + 1 > end)
		return;
	data[offset] ^= 1 << (random & 7);
}

static __always_inline __u32 another_cpu(void)
{
	return bpf_get_smp_processor_id() == detour_cpus[0] ? detour_cpus[1] : detour_cpus[0];
}

SEC("xdp")
int bad_wire(struct xdp_md *ctx)
{
	__u32 in = ctx->ingress_ifindex;
	struct route *route = bpf_map_lookup_elem(&routes, &in);
	struct faults *chance;
	struct state *state;
	__u32 direction;

	if (!route)
		return XDP_PASS;
	direction = route->direction;
	chance = bpf_map_lookup_elem(&faults, &direction);
	state = bpf_map_lookup_elem(&states, &direction);
	if (!chance || !state)
		return bpf_redirect_map(&exits, route->exit, XDP_ABORTED);
	count(direction, SEEN);
	if (is_lost(state, chance)) {
		count(direction, LOST);
		return XDP_DROP;
	}
	if (roll(state) < chance->corrupt) {
		count(direction, CORRUPTED);
		flip_a_bit(ctx, roll(state));
	}
	if (roll(state) < chance->duplicate) {
		count(direction, DUPLICATED);
		return direction ? bpf_redirect_map(&twice_1, 0, BPF_F_BROADCAST) :
				   bpf_redirect_map(&twice_0, 0, BPF_F_BROADCAST);
	}
	if (roll(state) < chance->reorder) {
		count(direction, REORDERED);
		return bpf_redirect_map(&cpus, another_cpu(), XDP_ABORTED);
	}
	return bpf_redirect_map(&exits, route->exit, XDP_ABORTED);
}

SEC("xdp/cpumap")
int back_from_detour(struct xdp_md *ctx)
{
	__u32 in = ctx->ingress_ifindex;
	struct route *route = bpf_map_lookup_elem(&routes, &in);

	return route ? bpf_redirect_map(&exits, route->exit, XDP_ABORTED) : XDP_DROP;
}

char LICENSE[] SEC("license") = "GPL";
