// How an injecting program keeps a set rate. It looks at the clock itself, inside
// one long test-run call: a frame that is not due yet is waited for, a microsecond
// at most, and then given back to test-run as dropped, which tries it again. So
// the kernel may do other work between two looks, and a call lasts as long as its
// runs. lab/src/net/pace.ts chooses the batch, lab/src/net/live-frames.ts writes
// the schedule before each call.

#ifndef PACE_H
#define PACE_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* The longest wait of one run, and the most looks in it: the verifier walks every one, and all that follows it. */
#define WAIT_NS 1000
#define LOOKS 8

struct pace {
	/* When the load's first frame is due, and when no more go, by CLOCK_MONOTONIC. */
	__u64 start_ns;
	__u64 end_ns;
	/* Between two frames, in 2^-20 ns; 0 where no rate is set. */
	__u64 interval;
	/* Frames that test-run handles at once. */
	__u64 batch;
	/* The load's next frame, counted from 0; the first that is not of this call. */
	__u64 frame;
	__u64 until;
	/* Frames below this one are due. */
	__u64 due_until;
	/* Runs of this call. */
	__u64 runs;
};

#define PACE_INTERVAL_BITS 20

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct pace);
} pace SEC(".maps");

/* Waits for the next frame, and notes how many are due by then. Returns whether it is. */
static __always_inline int wait_for_frame(struct pace *own)
{
	__u64 due = own->start_ns + ((own->frame * own->interval) >> PACE_INTERVAL_BITS);
	__u64 entered = bpf_ktime_get_ns();
	__u64 now = entered;

	for (int i = 0; i < LOOKS && now < due && now - entered < WAIT_NS; i++)
		now = bpf_ktime_get_ns();
	if (now < due || now >= own->end_ns)
		return 0;
	own->due_until = ((now - own->start_ns) << PACE_INTERVAL_BITS) / own->interval + 1;
	return 1;
}

/*
 * Whether a frame may go now, and counts it. Test-run sends what goes at the end of each batch, so only the first run of a batch waits,
 * what is due by then goes with it, and the other runs of the batch give their frames back: what went would wait for them.
 */
static __always_inline int may_go(void)
{
	__u32 only = 0;
	struct pace *own = bpf_map_lookup_elem(&pace, &only);

	if (!own)
		return 0;
	if (!own->interval)
		return 1;
	__u64 place = own->runs++ % own->batch;

	if (own->frame >= own->until)
		return 0;
	if (own->frame >= own->due_until && (place != 0 || !wait_for_frame(own)))
		return 0;
	own->frame++;
	return 1;
}

#endif
