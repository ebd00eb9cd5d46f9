// %% [markdown]
// # On the card itself
//
// **Question:** what would a network card that runs eBPF take of our programs, and from which rate on would it pay?
//
// **Minutes:** 30 to read and think, half a minute to run.
//
// **Needs:** clang (T0). Only the costs of a core need root and a quiet machine (T1). No card is needed, and none is there.
//
// **Mode:** bytecode is judged live. The costs of a core are measured; what a card would make of them is a **model**, and every figure of
// it says so.

// %% [markdown]
// ## A core in another place
//
// XDP runs a program in the driver, on one of the host's cores. Netronome's Agilio CX runs it on the card: the kernel's verifier
// proves it as always, then the card's driver looks at it too, translates it, and loads it there. A packet that the program drops or
// sends back never meets the host.
//
// The card's processors are many and small. What they do not have, a program must not use, and whoever asks is the driver. What
// it says no to stands in its source, `drivers/net/ethernet/netronome/nfp/bpf`:
//
// | the driver asks | it takes | why |
// | --- | --- | --- |
// | which helpers? | maps, `adjust_head` and `adjust_tail`, a random number, an event | each one is firmware |
// | which maps? | hash and array, without flags | they live in the card's memory |
// | who writes to a map's value? | only atomic additions | many threads run the program at once |
// | where does a map's key lie? | on the stack | the look-up reads it from there |
// | which instructions? | those of 2018 or so | each needs a translation |
// | how large? | what the firmware says when it starts | code store, stack and map memory are finite |
//
// A counter for each CPU, a redirect, a spin lock: nothing of this is in the table.

// %% id="imports"
import {
  AGILIO_CX, barFigure, breakEvenPps, check, compileXdp, COURSE_PROGRAMS, courseProgram, display, formatPps, htmlTable, ifPossible, lineFigure,
  measure, NETDEVSIM, netdevsimHere, type OffloadAssumptions, offloadBalance, type OffloadChooser, offloadDemand,
  offloadObstacles, type OffloadProfile, predict, predictionFigure, readBytecode, recordEnvironment, environmentProvenance, provenance,
  type Result, whenMeasured, wireTimeNs,
} from "ringside";

const columns = (...names: string[]) => names.map((name) => ({ name }));
const here = environmentProvenance(recordEnvironment());
/** How good the guess was, or why there is no figure. */
const say = (result: Result<unknown>) =>
  console.log(result.status === "ok" ? result.guess.text : `${result.reason} -> ${result.next}`);

// %% [markdown]
// ## Claim
//
// > **C25.** Some SmartNICs (Netronome Agilio CX) run the eBPF program themselves.
//
// From Enberg's article on kernel-bypass networking (2018). We have no such card, and cannot see one run a program. What we can test
// is what the sentence leaves out. Sharpened until it could be false: **the programs of this course could run there as they are.**
//
// ## Predict
//
// Nine of them are looked at: drop, pass, count, tx, touch, the redirects to a wire, a CPU and a socket (notebook 51), and the
// key-value cache (notebook 53). To how many would the driver have no objection?

// %% id="guess-free"
const guessFree = predict(5, "programs");

// %% [markdown]
// ## Measure
//
// `courseProgram` reads what clang wrote; nothing is loaded. `offloadObstacles` follows each path through the instructions, keeps
// track of what every register points to, and lays each instruction and each map beside the driver's table.

// %% id="classify"
function judge(name: (typeof COURSE_PROGRAMS)[number]) {
  const bytecode = courseProgram(name);
  const obstacles = offloadObstacles(bytecode, AGILIO_CX);
  return { name, obstacles, demand: offloadDemand(bytecode), atSim: offloadObstacles(bytecode, NETDEVSIM) };
}
const judged = ifPossible(() => COURSE_PROGRAMS.map(judge)) ?? []; // none without clang
const reasons = (list: readonly { what: string }[]) => [...new Set(list.map(({ what }) => what))];
display(
  htmlTable(
    columns("program", "instructions", "stack, bytes", "maps, bytes", "what is in the way"),
    judged.map(({ name, demand, obstacles }) => [
      name, demand.instructions, demand.stackBytes, demand.mapBytes, reasons(obstacles).join("; ") || "nothing found",
    ]),
    { title: "The course's programs before the Agilio CX's driver", provenance: here },
  ),
);

// %% [markdown]
// ## Plot

// %% id="plot-classified"
const free = judged.filter(({ obstacles }) => obstacles.length === 0);
display(
  predictionFigure({
    title: "Programs with nothing in the way",
    note: `${judged.length} programs of the course`,
    axis: { label: "programs", unit: "", scale: "linear" },
    predictions: [{ name: "no obstacle found", guess: guessFree, measured: free.length }],
    provenance: here,
  }),
);
const rules = [...new Set(judged.flatMap(({ obstacles }) => obstacles.map(({ rule }) => rule)))];
if (rules.length > 0) display(
  barFigure({
    title: "What is in the way, by rule",
    note: "each program is counted once a rule",
    axis: { label: "programs", unit: "", scale: "linear" },
    bars: rules.map((rule) => ({
      name: rule,
      value: judged.filter(({ obstacles }) => obstacles.some((each) => each.rule === rule)).length,
    })),
    provenance: here,
  }),
);

// %% [markdown]
// ## Explain
//
// It is not the clever programs that are refused, but nearly all: whoever counts, counts in a per-CPU array, and a card has no CPUs of that
// kind. Most of this can be mended. **Change the text below until nothing is in the way**: an array, and an atomic
// addition. What it costs is that all threads now share one counter.

// %% id="mend"
const counter = `#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} packets SEC(".maps");

SEC("xdp")
int counter(struct xdp_md *ctx)
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&packets, &key);

	if (count)
		(*count)++;
	return XDP_DROP;
}
`;
const mended = counter.replace("PERCPU_ARRAY", "ARRAY").replace("(*count)++", "__sync_fetch_and_add(count, 1)");
function objections(text: string, card: OffloadProfile): string {
  const found = offloadObstacles(readBytecode(compileXdp(text)), card);
  return found.map(({ what, line }) => (line === null ? what : `line ${line}: ${what}`)).join("\n  ") || "nothing found";
}
ifPossible(() =>
  console.log(`As it is:\n  ${objections(counter, AGILIO_CX)}\nMended:\n  ${objections(mended, AGILIO_CX)}`),
);

// %% [markdown]
// Two other things cannot be mended by writing differently. A **redirect** needs another interface of the host, and the card knows only its
// own wire. And **whoever must agree with the host** at every moment, as the cache of notebook 53 does, needs a lock that
// both can hold.
//
// **What it does not show.** "Nothing found" is no promise. Sizes are the firmware's to say, and ours are assumptions (4096 instructions, 512
// bytes of stack, keys and values of 64 bytes, a million entries): change them in a copy of `AGILIO_CX`. The rules are those of the
// driver in Linux 5.12.
//
// ### A card made of software
//
// The kernel has a driver that pretends to be such a card, `netdevsim`: programs can be bound to it, and its maps hold two entries. It
// runs nothing. Where a kernel has it, the way of a program to a card can be walked to its end.

// %% id="netdevsim"
const simulated = netdevsimHere();
console.log(`netdevsim: ${simulated.available ? "available" : "not here"}; ${simulated.reason}`);
for (const { name, atSim } of judged) console.log(`  ${name}: ${reasons(atSim).join("; ") || "nothing found"}`);

// %% [markdown]
// ## Claim: lower latency, less energy
//
// > **C26.** Offload lowers latency and saves energy.
//
// Others have measured latency: an FPGA card that runs XDP programs forwards packets with a tenth of a core's latency at the
// throughput of one core (hXDP, OSDI'20); a load balancer on a BlueField-3 has 44 % less than one in eBPF on the host (XenoFlow, 2025).
// Neither can be repeated here.
//
// Energy is arithmetic, once one knows what a packet costs a core. Sharpened: **there is a rate from which on the card saves more power
// than it takes, and it is below what the card can do.** So it is a question of numbers, and some of them are assumptions.
//
// ## Predict
//
// First what can be measured: how long is a core busy with a packet that is dropped at once, driver and program together?

// %% id="guess-packet"
const guessPacket = predict([50, 500], "ns");

// %% [markdown]
// ## Measure

// %% id="measure-costs"
const costs = await measure.offloadCosts({ guess: guessPacket });
say(costs);

// %% id="plot-costs"
display(
  whenMeasured(costs, ({ packet, driver, programs }, provenance) =>
    barFigure({
      title: "What a core spends on a packet, and what of it is the program",
      note: "106-byte request; programs run again and again on one packet, the packet injected and dropped",
      axis: { label: "time", unit: "ns", scale: "linear" },
      bars: [packet, driver, ...programs].map(({ name, ns, low, high }) => ({ name, value: ns, low, high })),
      provenance,
    }),
  ),
);

// %% [markdown]
// ## A model of the balance
//
// | assumption | value | where from |
// | --- | --- | --- |
// | a core's time in driver and program | as measured above; XDP paper: 1 / 24 Mpps | CoNEXT'18, drop, one core |
// | power of a busy core | 23 W | Xeon E5-1650 v4, the XDP paper's: 140 W for 6 cores, so rather too much |
// | power of the programmable card | 25 W | Netronome, "Agilio performance, explained" (2016): below 25 W |
// | power of an ordinary card | 10 W | **a guess**: look at your card's data sheet |
// | packets the card can handle | 37 Mpps | the smallest packets at 25 Gbit/s: the wire's limit, hardly the card's |
// | packets that end on the card | all | the best case: a filter under attack |
//
// A host that is there anyway pays for its idle cores in any case, so only the difference counts. Change a number and run the
// cell again.

// %% id="model"
const assumptions: OffloadAssumptions = {
  driverNs: 1e9 / 24e6 - 13.3, // the XDP paper: 24 Mpps in all, 13.3 ns of it a program that does nothing
  programNs: 13.3,
  endShare: 1,
  cardPps: 1e9 / wireTimeNs(64, 25),
  coreWatts: 140 / 6,
  cardExtraWatts: 25 - 10,
};
const withCosts = (result: typeof costs): OffloadAssumptions | null => {
  if (result.status !== "ok") return null;
  const { driver, programs } = result.outcome;
  return { ...assumptions, driverNs: driver.ns, programNs: programs[0]!.ns };
};
const measuredHere = withCosts(costs);
const measuredCore = costs.status === "ok" && costs.recorded ? "recorded core" : "core here";
const models = [
  { name: "paper's core", given: assumptions },
  ...(measuredHere === null ? [] : [{ name: measuredCore, given: measuredHere }]),
];
const rates = Array.from({ length: 41 }, (_, i) => (i / 40) * 40e6);
const M = 1e6;
const model = { ...(measuredHere === null ? here : provenance(costs)), mode: "model" } as const;
display(
  lineFigure({
    title: "Power that packets cost, with the card and without",
    note: `a busy core takes ${assumptions.coreWatts.toFixed(0)} W, the card ${assumptions.cardExtraWatts} W more than an ordinary one; all packets end on it`,
    x: { label: "packets a second", unit: "Mpps", scale: "linear" },
    y: { label: "power", unit: "W", scale: "linear" },
    series: models.flatMap(({ name, given }) => [
      { name: `${name}, no card`, points: rates.map((r) => ({ x: r / M, y: offloadBalance(given, r).wattsWithout })) },
      { name: `${name}, card`, points: rates.map((r) => ({ x: r / M, y: offloadBalance(given, r).wattsWith })) },
    ]),
    provenance: model,
  }),
);
const shares = [1, 0.5, 0.1, 0];
const cell = (given: OffloadAssumptions, endShare: number) => {
  const rate = breakEvenPps({ ...given, endShare });
  return Number.isFinite(rate) ? formatPps(rate) : "never";
};
display(
  htmlTable(
    columns("packets that end on the card", ...models.map(({ name }) => name)),
    shares.map((share) => [`${100 * share} %`, ...models.map(({ given }) => cell(given, share))]),
    { title: "From which rate on the card saves power", provenance: model },
  ),
);

// %% [markdown]
// ## Explain
//
// The card's own power is there at every rate, a core's only while it works: so the question is always how many packets there are. With these
// assumptions it takes millions a second, if the packets end on the card. If all of them go on to the host, it still has to receive every one,
// and only the program's few nanoseconds are saved: then it takes a rate near the wire's limit, or the card never pays.
//
// Here a core seems to spend more or less than the paper's. Ours has no card's descriptors to read and its packets are warm; but it
// is a virtual one, and the injector's work is in the figure. So the model's line of the measured core says where **that** machine's
// break-even would be, if it had such a card, and nothing more.
//
// **What it does not show.** No joule was measured. A core that polls (notebook 35) takes its power at any rate, which moves the break-even to nearly
// nothing; a core that can sleep deeply moves it the other way. And energy is seldom why such a card is bought: cores that are
// free for something else are.
//
// ## Exercise: what goes to the card
//
// A card has room for so many instructions and so many bytes of maps. Write `choose(candidates, budget)`: it gives the names of those programs
// that save the host most time **together** and fit. A candidate has `instructions` and `mapBytes`; `obstacles`, what the driver objects to;
// `pps`, the packets that it sees in a second; `programNs` and `driverNs`, what a core spends on each; and `endShare`, the share of
// packets that end on the card. A packet that goes on saves the program's time and not the driver's.

// %% id="under-a-budget" tags=["exercise"]
// BEGIN SOLUTION
const choose: OffloadChooser = (candidates, budget) => {
  const able = candidates.filter(({ obstacles }) => obstacles === 0);
  let best = { saved: 0, names: [] as string[] };
  for (let set = 0; set < 2 ** able.length; set++) {
    const chosen = able.filter((_, i) => (set >> i) & 1);
    const sum = (of: (each: (typeof able)[number]) => number) => chosen.reduce((total, each) => total + of(each), 0);
    const saved = sum(({ pps, programNs, driverNs, endShare }) => pps * (programNs + endShare * driverNs));
    const fits = sum((each) => each.instructions) <= budget.instructions && sum((each) => each.mapBytes) <= budget.mapBytes;
    if (fits && saved > best.saved) best = { saved, names: chosen.map(({ name }) => name) };
  }
  return best.names;
};
// END SOLUTION
// BEGIN STARTER
// | const choose: OffloadChooser = (candidates, budget) => {
// |   // Which of them fit budget.instructions and budget.mapBytes together, and save most?
// |   return candidates.map(({ name }) => name);
// | };
// END STARTER

display(await check("54-smartnic/under-a-budget", choose));

// %% [markdown]
// ## Tear down, and what we now believe
//
// The measurement removed its wire and its programs; the rest was reading and arithmetic.
//
// - Some cards run eBPF (C25), by the kernel's own source; we saw none. Of our programs the driver would take few as they are: a
//   card is no faster host, it is another machine with another list of what it can do.
// - Offload can save energy (C26), from some rate on, if the packets end there. That is a model's answer, and it is as good as its
//   assumptions. If yours differ, believe yours.

// %% id="tear-down"
console.log("Nothing to close: the measurement removed what it had made.");
