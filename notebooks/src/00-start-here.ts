// %% [markdown]
// # Start here
//
// **Question:** what can this machine show of the course, and how small a difference can it tell from none?
//
// **Minutes:** 20
//
// **Needs:** nothing for the report (T0). The second exercise makes a small network and needs root (T1).
//
// **Mode:** live everywhere. Without root the doctor's table says what is missing and what to do about it, and the second
// exercise says so too; everything else works. A measurement waits for a quiet machine, and on a busy one it says so and
// shows no figure, because a wrong number is worse than none.
// %% [markdown]
// ## How the course works
//
// Each notebook takes one sentence that could be false and puts it to the test here, on your machine:
//
// 1. **Claim**: the sentence, and who said it.
// 2. **Predict**: you write down what you expect. Every measurement takes your guess, so it cannot be skipped; it is never marked.
// 3. **Measure**: one call, in a process of its own.
// 4. **Plot**: your guess and the result on one axis. Every figure says which machine, which kernel, and that it is live.
// 5. **Explain**: what was seen, why, and what other hardware would change.
// 6. **Exercise**: you change or write one thing; `check` says what is wrong, with a hint that grows each time you ask.
//
// Run a cell with **Shift-Enter**. The square **stop button** ends whatever runs, within a moment, and takes away what the
// cell had made; try it on the measurement below, then run the cell again. Shift-Tab on a name shows what it is.
//
// A few words that every notebook uses:
//
// | word | meaning |
// | :--- | :--- |
// | namespace | a network of its own inside this kernel: interfaces, addresses, routes |
// | veth | two interfaces joined by a wire that is only memory: what goes in at one comes out at the other |
// | XDP | a small, verified program that the driver runs on a frame before the kernel's own stack sees it |
// | AF_XDP | a socket whose packets lie in memory that program and kernel share |
// | NAPI | how a driver receives: it polls for frames in batches, rather than once for each interrupt |
// | tier | T0 models and calculations; T1 live packets, with root; T2 kernel modules too; T3 a real NIC with zero-copy |
// %%
import {
  check,
  display,
  htmlTable,
  measure,
  pairsFigure,
  predict,
  predictionFigure,
  probeAll,
  recordEnvironment,
  tierOf,
  whenMeasured,
} from "ringside";
// %% [markdown]
// ## The doctor
//
// Version numbers lie: distributions backport, containers forbid. So the doctor tries each thing and undoes it again. `no` is an
// answer, not an error; most rows need not say yes. `unknown` means that it could not be tried.
// %%
const probes = await probeAll();
const doctor = htmlTable(
  ["can this machine...", "answer", "reason", "next step"].map((name) => ({ name })),
  probes.map(({ name, state, reason, next }) => [name, state, reason, next]),
  { title: "The doctor's report" },
);
display(doctor);
const { tier, reason } = tierOf(probes);
console.log(`${tier}: ${reason}`);
// %% [markdown]
// ## The record
//
// A figure without its machine is a rumour. Every result of the lab carries this record, so that whoever reads it later can doubt it.
// %%
const environment = recordEnvironment();
display(
  htmlTable(
    [{ name: "fact" }, { name: "here" }],
    [
      ["kernel", environment.kernel],
      ["CPU", `${environment.cpuModel}, ${environment.cpuCount} in all`],
      ["allowed CPUs", environment.allowedCpus.join(", ")],
      ["hypervisor", environment.hypervisor],
      ["clock source", environment.clocksource],
      ["kernel tick (HZ)", environment.hz],
      ["Node.js, libbpf, lab", `${environment.node}, ${environment.libbpf}, ${environment.lab}`],
      ["load (1, 5, 15 minutes)", environment.load.map((load) => load.toFixed(2)).join(", ")],
      ["time taken by the hypervisor", `${(environment.stealSinceBoot * 100).toFixed(2)} % since boot`],
      ...Object.entries(environment.mitigations)
        .filter(([, state]) => state !== "Not affected")
        .map(([name, state]) => [`mitigation: ${name}`, state]),
    ],
    { title: "This machine, now" },
  ),
);
// %% [markdown]
// ## Claim
//
// > Run the same code twice on the same machine, and the two figures differ by less than 1 %.
//
// (Ours, for the sake of argument; measuring identical code against itself is the A/A test of every controlled experiment.)
// If it is false here, a notebook that reports "2 % faster" has reported nothing.
// %% [markdown]
// ## Predict
//
// By how many per cent will identical code seem to differ from itself? The code is the shortest system call, `getppid`, 40 pairs
// of runs of some two milliseconds each.
// %%
const guess = predict([0.1, 1], "%"); // ← a number, or a range that you are sure of
// %% [markdown]
// ## Measure
//
// It takes a second or two. The same loop plays both parts: first the two **take turns**, in an order drawn anew each round; then
// all runs of one come first and all runs of the other **after** them, as one would do without thinking.
// %%
const noise = await measure.noiseFloor({ guess });
console.log(noise.status === "ok" ? noise.guess.text : "No figures: the cell below says why.");
// %% [markdown]
// ## Plot
//
// First your guess beside the result. Then all pairs: each dot is the time of one run divided by that of its partner, the
// thick line is the 95 % interval of the median, and the grey band is the noise floor. The verdict should read
// *inconclusive*: the claim it judges is that the code is slower than itself.
// %%
display(
  whenMeasured(noise, ({ noisePercent }, provenance) =>
    predictionFigure({
      title: "Your guess, and this machine's noise floor",
      axis: { label: "difference between identical runs", unit: "%" },
      predictions: [{ name: "noise floor, in turns", guess, measured: noisePercent }],
      provenance,
    }),
  ),
);
// %%
display(
  whenMeasured(noise, ({ inTurns, oneAfterTheOther }, provenance) =>
    pairsFigure({
      title: "The same code against itself: every dot should be at 1",
      label: "time of one run / time of its partner",
      rows: [
        { name: "in turns", comparison: inTurns },
        { name: "one after the other", comparison: oneAfterTheOther },
      ],
      provenance,
    }),
  ),
);
// %% [markdown]
// ## Explain
// %%
display(
  whenMeasured(noise, ({ inTurns, oneAfterTheOther }, provenance) => {
    const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
    const spread = (ratios: readonly number[]) =>
      `${Math.min(...ratios).toFixed(3)} to ${Math.max(...ratios).toFixed(3)}`;
    const ways = { "in turns": inTurns, "one after the other": oneAfterTheOther };
    return htmlTable(
      ["the same code", "noise floor", "single pairs", "under 1 %?"].map((name) => ({ name })),
      Object.entries(ways).map(([name, { noise: floor, ratios }]) => [
        name,
        percent(floor),
        spread(ratios),
        floor < 0.01 ? "yes" : "no",
      ]),
      { title: "What this run says of the claim", provenance },
    );
  }),
);
// %% [markdown]
// The **noise floor** is the farthest that the 95 % interval of the median ratio reaches from 1: a difference smaller than
// that is no difference, on this machine, today. Compare it with the column of single pairs: that is how far off one run may
// be, and why the lab never shows one run alone.
//
// **Why take turns?** A machine has moods: another program wakes, a neighbour of the VM takes the shared cache, the clock
// frequency drifts. In turns, a mood hits both sides of a pair; one after the other, it hits one of them and looks
// like a result. In a quiet minute the two rows look alike, and that is the trap: the careless way is wrong only sometimes.
//
// **What real hardware would change.** Bare metal with a fixed clock frequency and isolated CPUs takes moods away one by one; what
// remains there is for you to measure. In a VM part of the noise comes from outside and cannot be seen from within: the hypervisor's share in the record is
// all that is known of it. **What this cannot show:** whatever changes over minutes or hours hits both ways alike.
// %% [markdown]
// ## Exercise: read your report
//
// Fill in four answers from the two tables above. They are checked against the machine itself.
// %% id="read-your-report" tags=["exercise"]
// BEGIN SOLUTION
const report = {
  kernelRelease: environment.kernel.split(" ")[0],
  cpus: environment.allowedCpus.length,
  afXdpZeroCopy: probes.some((probe) => probe.name === "afXdpZeroCopy" && probe.state === "yes"),
  tier,
};
// END SOLUTION
// BEGIN STARTER
// | const report = {
// |   kernelRelease: "?", // as in "6.1.0-18-amd64"
// |   cpus: 0, // how many may the lab use?
// |   afXdpZeroCopy: null, // true or false
// |   tier: "?", // "T0" to "T3"
// | };
// END STARTER
display(await check("00-start-here/read-your-report", report));
// %% [markdown]
// ## Exercise: repair a fault
//
// Two hosts, `a` and `b`, joined by a veth: `veth-a` to `veth-b`. A frame that goes in as an XDP frame at `a` should come
// out at `b`. Someone has changed **one setting**, and now every frame vanishes without an error message. Predict first: at
// which end is it?
//
// The check makes this network with the fault in it, sends 1000 frames, runs **your one command** in the host that you
// name, sends 1000 more and counts. Take `ip` or `ethtool`. The starter only looks around: run it and read the story, the
// lab says at which hop the frames are lost.
// %% id="repair-a-fault" tags=["exercise"]
// BEGIN SOLUTION
const repair = { host: "b", command: ["ethtool", "-K", "veth-b", "gro", "on"] };
// END SOLUTION
// BEGIN STARTER
// | const repair = { host: "a", command: ["ip", "link", "show"] };
// END STARTER
display(await check("00-start-here/repair-a-fault", repair));
// %% [markdown]
// <details><summary>▸ Click here when it is repaired: why one end's setting stops the other end's frames</summary>
//
// A veth has no hardware that could hold an XDP frame: it goes into a ring that the **peer** polls, by NAPI. The peer only
// polls if something wants it to: an XDP program of its own, or GRO, which collects packets of a flow on their way in. With
// neither there is no ring, and the driver drops the frame (`veth_xdp_xmit` in drivers/net/veth.c). The lab's own networks are
// made with GRO on, and its injector says at which hop a frame was lost.
//
// </details>
// %% [markdown]
// ## Tear down, and what we now believe
//
// There is nothing to tear down: each probe undid what it tried, the measurement's process has ended, and the check removed its network.
//
// - What this machine can do is in the doctor's table; what it cannot, too, with the next step beside it.
// - A difference below the noise floor is no difference. Each comparison of this course carries its own floor.
// - Whether two runs differ by less than 1 % here is in the table above, and may change with the next run.
// - A frame can vanish without an error. Count at both ends.
//
// Next: [02, packet budgets](02-packet-budgets.ipynb).
