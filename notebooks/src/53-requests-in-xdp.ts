// %% [markdown]
// # Requests in XDP
//
// **Question:** can an application answer part of its requests before its own kernel has seen them, and stay right?
//
// **Minutes:** 35 to read and think, a minute to run.
//
// **Needs:** Linux, clang and root (T1): the notebook makes wires between network namespaces, starts servers there and attaches
// XDP programs. It touches no interface of yours. The rates need a quiet machine.
//
// **Mode:** live. Without root, or on a busy machine, the cells say what is missing and show no figure.

// %% [markdown]
// ## A server in two places
//
// A key-value server: `GET key` and `PUT key value`, each one UDP datagram of 64 bytes, each answered by one of 64 bytes.
//
// | bytes | field | in a request | in an answer |
// | --- | --- | --- | --- |
// | 0 | op | 1 GET, 2 PUT | the same |
// | 1 | status | 0 | 1 found, 2 missing, 3 stored |
// | 2 | by | 0 | 1 the server, 2 the cache |
// | 4 to 7 | magic | `RSKV` | the same |
// | 8 to 15 | id | the client's choice | the same |
// | 16 to 23 | key | which | the same |
// | 24 to 31 | version | 0 | how often the key was written |
// | 32 to 63 | value | of a PUT | the value |
//
// The server is an ordinary program: a socket, `recvmmsg`, a table, `sendmmsg`. In front of its kernel stands an XDP program
// with a **cache**: a BPF hash map of keys and their values.
//
// | request | who answers | how |
// | --- | --- | --- |
// | GET, key in the map | the XDP program | it writes the answer into the request's own frame, and `XDP_TX` |
// | GET, another key | the server | `XDP_PASS`, the stack, the socket |
// | PUT | the server | the same; it writes the map before it answers |

// %% id="imports"
import {
  barFigure, cdfFigure, check, display, htmlTable, kvSource, lineFigure, measure, predict, predictionFigure,
  type CacheCoherenceOutcome, type RequestEvents, type RequestHandler, type RequestRate, type Result, whenMeasured,
} from "ringside";

const columns = (...names: string[]) => names.map((name) => ({ name }));
/** How good the guess was, or why there is no figure. */
const say = (result: Result<unknown>) =>
  console.log(
    result.status === "ok" ? result.guess.text : `${result.reason} -> ${result.next}`,
  );

// %% [markdown]
// ## Claim
//
// > **C27.** An application can put part of its request processing into XDP.
//
// From Enberg's article on kernel-bypass networking (2018). Sharpened until it could be false: **a request that XDP answers costs
// no socket buffer; the server answers more requests a second; and no client can tell the cache from the server.**
//
// ## Predict
//
// 20 000 GETs for cached keys. How many socket buffers enter a stack, the client's or the server's?

// %% id="guess-skbs"
const guessSkbs = predict([0, 20_000], "skbs");

// %% [markdown]
// ## Measure
//
// The client is a pair of XDP programs, too: one writes a request into each frame of the injector, the other checks every
// answer as it comes in, and drops it. So the client has no socket buffer of its own that could be mistaken for the
// server's.

// %% id="measure-events"
const events = await measure.requestEvents({ guess: guessSkbs });
say(events);

// %% id="table-events"
const eventRow = (row: RequestEvents) => [
  row.name, row.requests, row.fromCache, row.fromServer, row.skbs, row.deaths, row.wrong + row.unanswered,
];
display(
  whenMeasured(events, ({ hits, misses, serverOnly }, provenance) =>
    htmlTable(
      columns("requests", "asked", "answered by XDP", "by the server", "skbs in a stack", "skbs that died", "wrong or none"),
      [hits, misses, serverOnly].map(eventRow),
      { title: "What a request costs, by who answers it", provenance },
    ),
  ),
);

// %% [markdown]
// ## Plot

// %% id="plot-events"
display(
  whenMeasured(events, ({ hits }, provenance) =>
    predictionFigure({
      title: "Socket buffers of GETs that XDP answers",
      note: `${hits.requests} requests, each answered and checked`,
      axis: { label: "socket buffers", unit: "", scale: "linear" },
      predictions: [{ name: "cached keys", guess: guessSkbs, measured: hits.skbs }],
      provenance,
    }),
  ),
);

// %% [markdown]
// ## Explain
//
// The frame that asks is the frame that answers: the program swaps the addresses, fills in the value, and the driver sends it back
// from where it lies. A request that passes pays for one socket buffer on its way in, and its answer for another on its way
// out; the wire then turns the latter into a frame again, because our client is an XDP program.
//
// **The checksum.** Swapping addresses does not change a sum, but a version and a value do. The program does not sum up the whole
// datagram anew: it adds the **difference**. That is cheaper, and it is right: if the request was damaged on its way, its sum was
// wrong, and the answer's stays wrong by the same amount. The client's kernel drops it. Nobody vouches for bytes that nobody
// has checked.
//
// ## Claim: more requests a second, and sooner
//
// BMC (NSDI'21) put a cache for memcached's GETs into XDP and reports up to 18 times memcached's throughput. Ours is a smaller
// server. Sharpened: **with every key cached our server answers more requests a second than without a cache, by more than the noise.**
//
// ## Predict
//
// How many times as many?

// %% id="guess-ratio"
const guessRatio = predict([2, 10], "×");

// %% [markdown]
// ## Measure
//
// Six servers stand ready: two without a cache (their difference is the noise), and four whose load has 0, 50, 90 and 100 % of its
// GETs for cached keys. In each round each has a turn of 50 ms with at most 1024 questions open, and then answers 100
// questions of a **socket**, one at a time, for the time that an answer takes.

// %% id="measure-rates"
const rates = await measure.requestRates({ guess: guessRatio });
say(rates);

// %% [markdown]
// ## Plot

// %% id="plot-rates"
const rateBar = ({ name, medianPerS, low, high }: RequestRate) => ({
  name,
  value: medianPerS / 1e6,
  low: low / 1e6,
  high: high / 1e6,
});
display(
  whenMeasured(rates, ({ serverOnly, withCache, cpus }, provenance) =>
    barFigure({
      title: "Answers a second, each of them checked",
      note: `client and XDP program on CPU ${cpus.client}, server on CPU ${cpus.server}`,
      axis: { label: "answers a second", unit: "M/s", scale: "linear" },
      bars: [serverOnly, ...withCache].map(rateBar),
      provenance,
    }),
  ),
);
display(
  whenMeasured(rates, ({ allHits, allMisses }, provenance) =>
    barFigure({
      title: "Answers a second, as multiples of the server without a cache",
      axis: { label: "ratio of rates", unit: "×", scale: "linear" },
      bars: [
        {
          name: "every key cached",
          value: allHits.medianRatio,
          low: allHits.low,
          high: allHits.high,
          published: [{ source: "BMC, NSDI'21, memcached", value: 18 }],
        },
        { name: "no key cached", value: allMisses.medianRatio, low: allMisses.low, high: allMisses.high },
      ],
      provenance,
    }),
  ),
);

display(
  whenMeasured(rates, ({ allHits }, provenance) =>
    predictionFigure({
      title: "Every key cached, over no cache",
      axis: { label: "ratio of rates", unit: "×", scale: "log" },
      predictions: [{
        name: "answers a second", guess: guessRatio, measured: allHits.medianRatio, low: allHits.low, high: allHits.high,
      }],
      provenance,
    }),
  ),
);

// %% id="plot-latency"
display(
  whenMeasured(rates, ({ serverOnly, withCache }, provenance) => {
    const [misses, hits] = [withCache[0]!, withCache[withCache.length - 1]!];
    const named = [
      { name: "no cache", samples: serverOnly.roundTripsNs },
      { name: "cache, a miss", samples: misses.roundTripsNs },
      { name: "cache, a hit", samples: hits.roundTripsNs },
    ];
    return cdfFigure({
      title: "How long a socket waits for its answer",
      note: "one question at a time; the socket spins, the server sleeps until it is asked",
      axis: { label: "round trip", unit: "ns", scale: "log" },
      series: named,
      percentiles: [50, 90, 99],
      provenance,
    });
  }),
);

// %% [markdown]
// ## Explain
//
// If hits cost nothing and every miss cost the server's whole time, a cache with a share `h` of hits would give `1 / (1 - h)`
// times the rate. And hits do cost something. Both bounds are drawn below with what was measured.

// %% id="explain-rates"
const M = 1e6;
display(
  whenMeasured(rates, ({ withCache }, provenance) => {
    const [none, all] = [withCache[0]!.medianPerS, withCache[withCache.length - 1]!.medianPerS];
    const shares = Array.from({ length: 41 }, (_, i) => i / 40);
    const together = (h: number) => 1 / (h / all + (1 - h) / none);
    return lineFigure({
      title: "What a share of hits is worth",
      note: "two models from the ends of the measured line, and the measurement",
      x: { label: "GETs for cached keys", unit: "%", scale: "linear" },
      y: { label: "answers a second", unit: "M/s", scale: "linear" },
      series: [
        {
          name: "measured",
          points: withCache.map((rate) => ({
            x: 100 * rate.hitShare!, y: rate.medianPerS / M, low: rate.low / M, high: rate.high / M,
          })),
        },
        { name: "model: in turn", points: shares.map((h) => ({ x: 100 * h, y: together(h) / M })) },
        {
          name: "model: at once",
          points: shares.map((h) => ({ x: 100 * h, y: Math.min(all, none / (1 - h || 1e-9)) / M })),
        },
      ],
      provenance,
    });
  }),
);
if (rates.status === "ok") {
  const { serverOnly, withCache, allHits, allMisses } = rates.outcome;
  const hits = withCache[withCache.length - 1]!;
  const us = (ns: number) => `${(ns / 1000).toFixed(1)} µs`;
  const all = [serverOnly, ...withCache];
  console.log(`Every key cached, over no cache: ${allHits.reason}.`);
  console.log(`No key cached, over no cache: ${allMisses.reason}.`);
  console.log(`A socket waits ${us(hits.roundTripNs.median)} for a hit and ${us(serverOnly.roundTripNs.median)} without a cache.`);
  console.log(`Wrong answers: ${all.reduce((sum, { wrong }) => sum + wrong, 0)} of ${all.reduce((sum, { requests }) => sum + requests, 0)}.`);
}

// %% [markdown]
// Hits and misses are worked on by two CPUs: the program runs on the client's, the server has its own. Where the measured line lies
// above "in turn", they worked at the same time; "at once" is what that could give at most. The last few per cent of hits are worth more than all before:
// at 90 % the server still has every tenth request to answer, and it is the slowest of all.
//
// A hit's answer is back **before `send` has returned**: on a veth the whole way, there and back, runs inside the
// client's own system call. Without a cache another CPU must first wake up. On hardware the wire's time comes on
// top of both.
//
// ## Claim: no client can tell
//
// A cache is a second copy, read by one core while another writes. Sharpened: **of a million mixed requests none gets an answer older
// than what its client was told, none a value of which half is another's; and no PUT is lost.**
//
// Every value proves itself: its words follow from its key and its first word. Every acknowledgement tells its version. And every
// GET carries the newest version that its client had heard of when it asked, so that each answer can be judged alone.
//
// ## Predict
//
// How many answers of a million are wrong?

// %% id="guess-wrong"
const guessWrong = predict(0, "answers");

// %% id="measure-coherence"
const right = await measure.cacheCoherence({ guess: guessWrong });
say(right);

// %% [markdown]
// ## Predict: two lines swapped
//
// The server handles requests in batches of up to 64. Suppose that it sends its answers first, and tells the cache of their PUTs right
// after. It is a matter of microseconds. 200 000 requests for 8 cached keys and 8 others, 30 % of them PUTs: how many answers
// are older than what their client knew?

// %% id="guess-stale"
const guessStale = predict([1, 1000], "answers");

// %% id="measure-stale"
const swapped = await measure.cacheCoherence({
  requests: 200_000, cachedKeys: 8, putShare: 0.3, order: "acknowledge first", guess: guessStale,
});
say(swapped);
const unlocked = await measure.cacheCoherence({
  requests: 500_000, cachedKeys: 8, putShare: 0.3, locked: false, guess: predict(1, "answers"),
});
say(unlocked);

// %% id="table-coherence"
const judged = (name: string, result: Result<CacheCoherenceOutcome>) => {
  if (result.status !== "ok") return [name, result.reason, "-", "-", "-", "-", "-"];
  const { requests, fromCache, stale, torn, puts, versionsRisen, lostUpdates, unaccounted } = result.outcome;
  return [name, requests, fromCache, stale, torn, puts - versionsRisen + lostUpdates, unaccounted];
};
display(
  whenMeasured(right, (_, provenance) =>
    htmlTable(
      columns("server", "requests", "answered by XDP", "stale", "torn", "updates lost", "unaccounted"),
      [
        judged("cache first, then the answer", right),
        judged("the answer first", swapped),
        judged("cache first, read without its lock", unlocked),
      ],
      { title: "Answers that no client may get", provenance },
    ),
  ),
);

// %% [markdown]
// ## Explain
//
// **The order is the whole of the cache's truth.** Between the acknowledgement and the write to the map another core has answered
// thousands of GETs; a few microseconds are a long time at such a rate. With the two lines the right way round nobody can ask
// too early: whoever knows of the new version learned of it after the map had it.
//
// **The lock.** The kernel exchanges a hash map's values whole, but an element that is given back may be used again at once, under
// a reader that still holds its address. So the server writes in place, under the value's `bpf_spin_lock`, and the program reads
// under it. What the third row shows of torn values is chance: a few of half a million, or none. **Had you found none, you
// would not have proven that the lock is not needed.** A test finds a mistake; that there is none takes a reason.
//
// **What it does not show.** One server writes. A cache that two servers fill, or one that forgets keys while a PUT is under
// way, needs more than an order of two lines. And whoever answers in XDP has left the firewall, the counters and the quotas of
// the stack behind (notebook 51).
//
// ## Exercise: answer a GET
//
// Write the XDP program. `kvSource("message")` is C: the message as a struct, and two functions that find it in a frame and say
// whether it is whole. This is their text:

// %% id="show-message"
console.log(kvSource("message"));

// %% id="answer" tags=["exercise"]
// BEGIN SOLUTION
const answerer = `${kvSource("message")}
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __be64);
	__type(value, struct kv_content);
} cache SEC(".maps");

SEC("xdp")
int answer(struct xdp_md *ctx)
{
	struct kv_frame frame = kv_frame_at((void *)(long)ctx->data);

	if (!kv_holds_message(frame, (void *)(long)ctx->data_end) || frame.udp->dest != bpf_htons(7000))
		return XDP_PASS;
	if (frame.message->op != KV_GET)
		return XDP_PASS;

	struct kv_content *found = bpf_map_lookup_elem(&cache, &frame.message->key);

	if (!found)
		return XDP_PASS;

	struct kv_message before = *frame.message, after = before;

	after.status = KV_FOUND;
	after.by = KV_BY_CACHE;
	after.version = found->version;
	__builtin_memcpy(after.value, found->value, sizeof(after.value));
	*frame.message = after;

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

	if (frame.udp->check == 0)
		return XDP_TX;
	__u16 check = ~kv_fold((__u32)bpf_csum_diff((void *)&before, sizeof(before), (void *)&after, sizeof(after),
						    (__u16)~frame.udp->check));

	frame.udp->check = check ? check : 0xffff;
	return XDP_TX;
}

char LICENSE[] SEC("license") = "GPL";
`;
// END SOLUTION
// BEGIN STARTER
// | const answerer = `${kvSource("message")}
// | struct {
// | 	__uint(type, BPF_MAP_TYPE_HASH);
// | 	__uint(max_entries, 1024);
// | 	__type(key, __be64);
// | 	__type(value, struct kv_content);
// | } cache SEC(".maps");
// |
// | SEC("xdp")
// | int answer(struct xdp_md *ctx)
// | {
// | 	struct kv_frame frame = kv_frame_at((void *)(long)ctx->data);
// |
// | 	if (!kv_holds_message(frame, (void *)(long)ctx->data_end) || frame.udp->dest != bpf_htons(7000))
// | 		return XDP_PASS;
// | 	if (frame.message->op != KV_GET)
// | 		return XDP_PASS;
// |
// | 	/* The key is frame.message->key. Is it in the cache? Then make this frame the answer, and send it back. */
// | 	return XDP_PASS;
// | }
// |
// | char LICENSE[] SEC("license") = "GPL";
// | `;
// END STARTER

display(await check("53-requests-in-xdp/answer", answerer));

// %% [markdown]
// ## Exercise: keep the cache true
//
// Now the server's side. `server.store` is a `Map` from keys to `{ version, value }`; a PUT raises the version by one, from 1 on.
// `server.cache` is what the other core reads: `has(key)`, `write(key, entry)`, which answers `false` where the kernel refused and
// then has changed nothing, and `remove(key)`. `server.reply(entry)` sends the one answer: what was found or stored, or `null`.
// Its cache starts empty, has room for two keys, and a GET comes here only when its key is not in it.

// %% id="keep-it-true" tags=["exercise"]
// BEGIN SOLUTION
const handle: RequestHandler = ({ op, key, value }, server) => {
  if (op === "put") {
    const version = (server.store.get(key)?.version ?? 0) + 1;
    server.store.set(key, { version, value: value! });
  }
  const entry = server.store.get(key) ?? null;
  if (entry !== null && !server.cache.write(key, entry)) server.cache.remove(key);
  server.reply(entry);
};
// END SOLUTION
// BEGIN STARTER
// | const handle: RequestHandler = ({ op, key, value }, server) => {
// |   if (op === "put") {
// |     const version = (server.store.get(key)?.version ?? 0) + 1;
// |     server.store.set(key, { version, value: value! });
// |   }
// |   const entry = server.store.get(key) ?? null;
// |   server.reply(entry);
// | };
// END STARTER

display(await check("53-requests-in-xdp/keep-it-true", handle));

// %% [markdown]
// ## Tear down, and what we now believe
//
// Every measurement ended its servers and removed its wires and programs: nothing is left to tear down.
//
// - An application can answer requests in XDP (C27), for no socket buffer at all, several times as many as its own loop can, and sooner.
//   How many times depends on the share of hits, and on little else. If your run says otherwise, believe your run.
// - A miss pays for the program that looked in vain; beside the stack's price it hardly shows.
// - Fast was the easy part. That it stays true hangs on the order of two lines, and a checksum that adds differences keeps
//   damage damage.

// %% id="tear-down"
console.log("Nothing to close: each measurement removed what it had made.");
