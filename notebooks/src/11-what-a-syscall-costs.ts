// %% [markdown]
// # What a system call costs
//
// **Question:** how long does it take to enter the kernel and come back, and when does that matter?
//
// **Minutes:** 25 · **Needs:** Linux; the last exercise counts calls with a tracepoint and so needs root · **Mode:** live. A
// measurement waits for a quiet machine; on a busy one it says so and shows no figure, because a wrong number is worse than none.
// %% [markdown]
// ## Claim
//
// > **C07.** A system call is dear: the switch itself, and the cache it pollutes. (Enberg 2018, after Soares and Stumm, *FlexSC*, OSDI 2010.)
// >
// > **C08.** Meltdown's mitigations make it dearer.
//
// A *system call* is the one door between a program and the kernel: an instruction changes the processor's privilege, the kernel
// saves registers, looks the number up in a table, works, and goes back. `getppid` does hardly any work inside, so timing it times the
// door. Beside it we time a plain function call, and the clock read in two ways: through the *vDSO*, a page of kernel code that runs
// without entering the kernel, and by a real call.
// %% [markdown]
// ## Predict
//
// How many nanoseconds does one `getppid` take here? A nanosecond is three or four cycles. Write what you believe; being wrong by ten
// is how one learns the scale.
// %%
import {
  check,
  display,
  barFigure,
  kernelSource,
  lineFigure,
  measure,
  measuredWhere,
  pairsFigure,
  predict,
  predictionFigure,
  whenMeasured,
} from "ringside";

const guess = predict(100, "ns");
// %% [markdown]
// ## Measure
//
// The loop is C, compiled from the file below, because a call from JavaScript would add its own cost. It runs in a process of its own,
// pinned to one CPU; the five variants take turns in random order, so a disturbance hits all of them.
// %%
console.log(kernelSource("syscallGetppid"));
const crossing = await measure.syscallCost({ guess });
console.log(crossing.status === "ok" ? crossing.guess.text : crossing.reason);
// %% [markdown]
// ## Plot
//
// Each bar is a median with its 95 % interval; the mark is your guess. The axis is logarithmic: each step is ten times more.
// %%
display(
  whenMeasured(crossing, (cost, provenance) =>
    barFigure({
      title: "The same question, asked in five places",
      note: "nanoseconds for one call, median of 30 interleaved rounds",
      provenance,
      axis: { label: "time for one call", unit: "ns", scale: "log" },
      bars: [
        {
          name: "function call",
          value: cost.functionCall.ns,
          low: cost.functionCall.low,
          high: cost.functionCall.high,
        },
        {
          name: "clock by vDSO",
          value: cost.vdsoClock.ns,
          low: cost.vdsoClock.low,
          high: cost.vdsoClock.high,
        },
        {
          name: "clock by system call",
          value: cost.forcedClock.ns,
          low: cost.forcedClock.low,
          high: cost.forcedClock.high,
        },
        {
          name: "getppid",
          value: cost.syscallGetppid.ns,
          low: cost.syscallGetppid.low,
          high: cost.syscallGetppid.high,
          guess: guess.low,
        },
        {
          name: "getppid from TypeScript",
          value: cost.koffiGetppid.ns,
          low: cost.koffiGetppid.low,
          high: cost.koffiGetppid.high,
        },
      ],
    }),
  ),
);
// %% [markdown]
// ## Explain
//
// The clock by vDSO and the clock by system call return the same time; the second pays for the door, and for the kernel's way to the
// clock and back out to our memory. `getppid` does hardly any work inside, so its bar is the better measure of the door alone, and can
// be no less than the door costs. The last bar is the same `getppid` called from TypeScript: what it has on top is the way out of
// JavaScript, shown and not subtracted.
//
// How thick the door is depends on the processor and on the *mitigations* the kernel switched on at boot. With page-table isolation
// (`Mitigation: PTI` below) every crossing changes the page tables as well; that is claim C08. A processor that is not
// vulnerable to Meltdown does without, and then C08 cannot be tested on it: booting one kernel with `pti=on` and `pti=off` can, and `vm/compare-boots.sh` does that with the course's VM (`vm/README.md`).
// %%
if (crossing.status === "ok") {
  const { syscallGetppid, forcedClock, vdsoClock } = crossing.outcome;
  const more = forcedClock.ns - vdsoClock.ns;
  console.log(`The door costs at most ${syscallGetppid.ns.toFixed(0)} ns ${measuredWhere(crossing)}, a whole getppid.`);
  console.log(`Asking the kernel for the time costs ${more.toFixed(0)} ns more than the vDSO.`);
} else {
  console.log(`No figure: ${crossing.reason}`);
}
console.log(`Meltdown: ${crossing.environment.mitigations.meltdown ?? "the kernel does not say"}`);
// %% [markdown]
// ## Predict: is it dear?
//
// How many times dearer is `getppid` than a function call that does as little? The claim below is judged: *more than ten times*.
// %%
const ratioGuess = predict([20, 200], "×");
const ratio = await measure.compareKernels("syscallGetppid", "functionCall", {
  guess: ratioGuess,
  relation: ">",
  bound: 10,
});
display(
  whenMeasured(ratio, (outcome, provenance) =>
    pairsFigure({
      title: "A system call against a function call, pair by pair",
      note: "each dot is one pair of runs; the band is the noise of two equal sides (A/A)",
      provenance,
      label: "times dearer",
      rows: [{ name: "getppid / function call", comparison: outcome.result }],
    }),
  ),
);
// %% [markdown]
// ## Predict: how much work hides the door?
//
// A call that moves bytes pays for the door once and for every byte. We write into a pipe and read back, from one byte to 64 KiB: two
// calls, two copies. At which size do the copies cost as much as the two calls? First guess what 4096 bytes cost, there and back.
// %%
const payloadGuess = predict(1000, "ns");
const payload = await measure.payloadSweep({ guess: payloadGuess });
console.log(payload.status === "ok" ? payload.guess.text : payload.reason);
display(
  whenMeasured(payload, ({ points }, provenance) =>
    lineFigure({
      title: "Small messages pay for the door, large ones for the copy",
      note: "median of 15 rounds with 95 % interval; /dev/null takes bytes without a copy",
      provenance,
      x: { label: "bytes in one call", unit: "B", scale: "log" },
      y: { label: "time", unit: "ns", scale: "log" },
      series: [
        {
          name: "pipe: write + read",
          points: points.map(({ bytes, pipeCopy: c }) => ({ x: bytes, y: c.ns, low: c.low, high: c.high })),
        },
        {
          name: "/dev/null: write",
          points: points.map(({ bytes, writeNull: c }) => ({ x: bytes, y: c.ns, low: c.low, high: c.high })),
        },
      ],
    }),
  ),
);
// %%
function doubledAt(points: readonly { bytes: number; pipeCopy: { ns: number } }[]): string {
  const first = points[0]!.pipeCopy.ns;
  const found = points.find(({ pipeCopy }) => pipeCopy.ns >= 2 * first);
  const one = `One byte costs ${first.toFixed(0)} ns there and back`;
  return found
    ? `${one}; the first size swept that costs twice that is ${found.bytes} bytes.`
    : `${one}; even the largest size costs less than twice that here.`;
}
console.log(payload.status === "ok" ? doubledAt(payload.outcome.points) : payload.reason);
// %% [markdown]
// Left of that size you pay for calls, so a program that makes fewer of them is faster though it moves the same bytes. That is what
// batching, `sendmmsg`, io_uring and the rings of notebook 33 are about. A call to `/dev/null` moves nothing, so its line stays flat: it is
// all door. A pipe is not a network card: it has no driver, no interrupt, no checksum; the shape carries over, the numbers do not.
// %% [markdown]
// ## Predict: what does a call leave behind?
//
// The kernel's work throws the program's data out of caches. We walk through memory that fills half the first-level cache, with
// `k` calls before each walk, and time the walk alone. FlexSC (section 2.2) measured
// the price in user-mode instructions per cycle, with this very call: `pwrite` of a kilobyte. By which factor is a memory access slower after one call?
// %%
const pollutionGuess = predict(1.2, "×");
const pollution = await measure.pollution({ guess: pollutionGuess });
console.log(pollution.status === "ok" ? pollution.guess.text : pollution.reason);
display(
  whenMeasured(pollution, ({ points, lines }, provenance) =>
    lineFigure({
      title: "The program's own memory accesses, after k system calls",
      note: `${lines} cache lines walked; only the walk is timed; the call is pwrite(2) of 1 kB`,
      provenance,
      x: { label: "system calls before the walk", unit: "" },
      y: { label: "time of one access", unit: "ns" },
      series: [
        {
          name: "access",
          points: points.map(({ calls, access }) => ({
            x: calls,
            y: access.ns,
            low: access.low,
            high: access.high,
          })),
        },
      ],
    }),
  ),
);
// %%
if (pollution.status === "ok") {
  for (const { calls, slowdown, lostNs } of pollution.outcome.points) {
    const times = `${slowdown.toFixed(2)} times the time`;
    console.log(`after ${calls} calls: ${times}, ${lostNs.toFixed(0)} ns lost in the walk`);
  }
} else {
  console.log(`No figure: ${pollution.reason}`);
}
// %% [markdown]
// If the line rises, the price of a call goes on after it returned, and the bar at the top of this notebook is only its first part.
// Which part is data cache, address translation or branch prediction takes a performance counter to tell, and most virtual machines have none.
// %% [markdown]
// ## Predict: coming back as somebody else
//
// A call that finds nothing to do, such as `recvmsg` on an empty socket, puts the thread to sleep; another runs, and somebody must wake the first. Two
// threads now wake each other in turns: through a *pipe*, through an *eventfd* (a counter with a descriptor, made for waking), and through a *futex* (the call
// beneath every lock that sleeps). First on one CPU, where each wake-up is a **context switch**; then each on its own CPU, where
// the wake-up has to reach another core. How long does one take, through a pipe on one CPU?
// %%
const switchGuess = predict(1000, "ns");
const switches = await measure.contextSwitch({ guess: switchGuess });
console.log(switches.status === "ok" ? switches.guess.text : switches.reason);
display(
  whenMeasured(switches, ({ syscallGetppid, pipeCopy, oneCpu, twoCpus }, provenance) => {
    const places = [["one CPU", oneCpu], ...(twoCpus === null ? [] : [["two CPUs", twoCpus] as const])] as const;
    const wakeUps = places.flatMap(([place, costs]) =>
      (["pipe", "eventfd", "futex"] as const).map((by) => ({ name: `wake-up by ${by}, ${place}`, cost: costs[by] })),
    );
    const all = [
      { name: "getppid", cost: syscallGetppid },
      { name: "pipe write and read, no wake-up", cost: pipeCopy },
      ...wakeUps,
    ];
    return barFigure({
      title: "From one thread to another, and what asking for it costs",
      note: "one way of a round trip: the calls that ask, and the wake-up; median of 20 rounds",
      provenance,
      axis: { label: "time", unit: "ns", scale: "log" },
      bars: all.map(({ name, cost: { ns, low, high } }) => ({
        name,
        value: ns,
        low,
        high,
        ...(name === "wake-up by pipe, one CPU" && { guess: switchGuess.low }),
      })),
    });
  }),
);
// %%
function saySwitches(): string {
  if (switches.status !== "ok") return `No figure: ${switches.reason}`;
  const { syscallGetppid, pipeCopy, contextSwitch, twoCpus } = switches.outcome;
  const times = (ns: number) => (ns / syscallGetppid.ns).toFixed(0);
  const alone = contextSwitch.ns - pipeCopy.ns;
  const lines = [
    `A switch with its two calls costs ${times(contextSwitch.ns)} getppid; without them, ${alone.toFixed(0)} ns.`,
  ];
  if (twoCpus !== null) lines.push(`To another CPU it is ${times(twoCpus.pipe.ns)} getppid.`);
  return lines.join("\n");
}
console.log(saySwitches());
// %% [markdown]
// The three means hardly differ: what is dear is not the pipe but the **scheduler** behind it. Across CPUs the woken one may be asleep, and has to be
// called by an interrupt; in a virtual machine its sleep and its waking go through the hypervisor as well, so that bar may be many times as
// long as on bare metal. A server that sleeps between two messages pays this for each. That is why fast paths *look* and do not
// sleep (33, 35), and why one wake-up for many messages, a batch, is worth so much (13).
// %% [markdown]
// ## Exercise: halve the calls
//
// A program sends messages; each has a header and a body that lie in different places, and the starter makes one call for each part.
// Every `sendBytes` is one `sendto(2)` on a connected UDP socket of the loopback interface, so it is also one datagram. Make it **one call a
// message**, with header and body in it, in that order. The check reads what arrived and counts your calls with the kernel's own
// tracepoint `raw_syscalls:sys_enter`.
//
// Before you write it, predict what it saves. You know what a bare call costs here: `getppid`, in the first figure. By how
// many nanoseconds does each message get cheaper when one call of its two goes away?
// %%
const savingGuess = predict(200, "ns");
// %% id="halve-the-calls" tags=["exercise"]
import type { Message } from "ringside";

function sendAll(sendBytes: (bytes: Uint8Array) => void, messages: readonly Message[]): void {
  for (const message of messages) {
    // BEGIN SOLUTION
    const whole = new Uint8Array(message.header.length + message.body.length);
    whole.set(message.header, 0);
    whole.set(message.body, message.header.length);
    sendBytes(whole);
    // END SOLUTION
    // BEGIN STARTER
    // | sendBytes(message.header);
    // | sendBytes(message.body);
    // END STARTER
  }
}

display(await check("11-what-a-syscall-costs/halve-the-calls", sendAll));
// %% [markdown]
// ### Measure the saving
//
// Both programs once more, in C and in turns: a header of 16 bytes and a body of 112, sent over a UDP socket of the loopback
// interface. A third program tells what the saving is made of: `sendmmsg` takes both parts in **one call**, and still makes
// **two packets** of them.
// %%
console.log(kernelSource("sendMessage").split("static void empty")[0]);
const saving = await measure.callsPerMessage({ guess: savingGuess });
console.log(saving.status === "ok" ? saving.guess.text : saving.reason);
display(
  whenMeasured(saving, ({ saved }, provenance) =>
    predictionFigure({
      title: "What a message saves when two calls become one",
      note: "median of 30 interleaved rounds, with its 95 % interval",
      provenance,
      axis: { label: "saved by each message", unit: "ns", scale: "log" },
      predictions: [
        {
          name: "two sends -> one copy and one send",
          guess: savingGuess,
          measured: Math.max(0, saved.ns),
          low: Math.max(0, saved.low),
          high: Math.max(0, saved.high),
        },
      ],
    }),
  ),
);
display(
  whenMeasured(saving, ({ twoAgainstOne, twoAgainstSendmmsg }, provenance) =>
    pairsFigure({
      title: "Is it the call that was dear, or the packet?",
      note: "each dot is one round; the band is the noise of two equal sides (A/A)",
      provenance,
      label: "times dearer than with one call",
      rows: [
        { name: "two calls / one call, one packet", comparison: twoAgainstOne },
        { name: "two calls / one call, the same two packets", comparison: twoAgainstSendmmsg },
      ],
    }),
  ),
);
// %%
if (saving.status === "ok") {
  const { twoCalls, oneCall, saved, savedByDoor, twoAgainstSendmmsg } = saving.outcome;
  const ns = (value: number) => `${value.toFixed(0)} ns`;
  const within = ({ low, high }: { low: number; high: number }) => `[${ns(low)}, ${ns(high)}]`;
  console.log(`A message costs ${ns(twoCalls.ns)} by two calls and ${ns(oneCall.ns)} by one.`);
  console.log(`It saves ${ns(saved.ns)} ${within(saved)}.`);
  console.log(`Two packets by one sendmmsg save ${ns(savedByDoor.ns)} ${within(savedByDoor)}:`);
  console.log(`  the verdict on "one call is cheaper than two": ${twoAgainstSendmmsg.verdict}.`);
} else {
  console.log(`No figure: ${saving.reason}`);
}
if (saving.status === "ok" && crossing.status === "ok" && saving.environment.kernel === crossing.environment.kernel) {
  const doors = saving.outcome.saved.ns / crossing.outcome.syscallGetppid.ns;
  console.log(`The saving is ${doors.toFixed(1)} times a whole getppid.`);
}
// %% [markdown]
// Whoever reckons with the price of a bare call guesses far too low. `sendto` is a door with a long corridor behind it: socket
// lock, route, a buffer for the packet, the loopback device, and the receiver's queue. Halving the calls halved the packets,
// too, and that is most of the saving; compare the two rows. What `sendmmsg` saves is the door and the way to the socket behind
// it, less its own reading of a list of messages; on a restless machine it can drown in the noise. So ask of each
// call you want to save what it does.
//
// On loopback the receiver's half is done inside the sender's call; with a real network card the packet costs that half on
// another machine. FlexSC (C07) speaks of the door and of what a call leaves in the caches; what a packet costs is the matter of notebooks 20
// and 33.
// %% [markdown]
// ## Tear down, and what we now believe
//
// Nothing is left to tear down: every measurement ran in a process that has ended, and the exercise closed its sockets.
//
// - A system call is far dearer than a function call, even one that does next to nothing: that price is the door's.
// - The vDSO shows that the same answer can be had without the door where the kernel lends its data.
// - The price is per call and not per byte until messages are large. So the way out is fewer calls, not faster ones.
// - Saving a call saves what the call does, and that can be many doors' worth: predict with the whole call, not with the door.
// - Being put to sleep and woken is far dearer than calling, and dearer still from one core to another.
// - What a call leaves behind is paid by the program after it: the figure of the walk says how much that is here.
//
// Next: **12-exception-less-syscalls**, asking the kernel without going there.
